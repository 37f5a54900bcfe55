// Package sctbench holds the randomized strategies to published figures: programs of SCTBench (Thomson, Donaldson, Betts:
// Concurrency Testing Using Controlled Schedulers, TOPC 2016), each with a bug that some schedules show, and how many schedules it
// takes on average until one does.
//
// The programs are written anew as plain Go: goroutines, sync.Mutex, sync.Cond, and an atomic for each shared variable, so that
// each load and each store is a step as it is for the published tools, which instrument memory accesses. Where C increments a
// variable, here are a load and a store. An assertion that fails is a panic; a deadlock shows as goroutines that are left.
//
// What differs from C, and tells in the figures:
//
//   - The body starts the goroutines and returns; there is no join, for a bubble ends when all of it has ended. Programs that check at
//     the end wait with a WaitGroup, one object that all of them use.
//   - A go statement and a goroutine's end are steps.
//   - Local variables are no steps, and a lock that is released is anybody's. For the tool of the SURW artifact they are, and it is handed on: with the
//     build tag artifact the programs take such steps, so that the strategies can be held to its figures without what differs in the programs.
//   - Of the state that two of the work-stealing queues write down for a model checker there is what their bug is in.
//
// The table in docs/exploration.md is made by
//
//	go test -timeout 2h ./internal/sctbench -run Table -v -args -trials 200
package sctbench
