// Package scenarios holds loops, pools and queues to what must be so when they are shut down. Its catalogue of shutdown protocols,
// what a program does by how an implementation hands results over, with the verdict of each stated beforehand, is in package matrix.
package scenarios
