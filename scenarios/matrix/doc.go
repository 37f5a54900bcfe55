// Package matrix is the catalogue of shutdown protocols: what a program does when it shuts down (a row), on how a loop and its
// workers hand results over (a column), and the verdict of each cell, which is stated beforehand with its reason.
//
// A row's programs are written once, over what every column has; a column is an adapter. One ledger watches them all and holds
// them to the same oracles: see [Oracle].
//
// # Verdicts
//
// A cell is explored exhaustively, first without preemptions, then with one, then with two, and then with random schedules of
// the default strategy, for each of several seeds.
//
//   - [Clean]: no oracle failed, and every schedule within the bound was run.
//   - [Broken]: some oracle failed. All that fail at the least number of preemptions that shows a failure are stated.
//   - [Lossy]: no oracle failed but [Lost]. It is the design's: it is quiet, and throws things away.
//   - [NA]: the column has not what the row needs.
//
// A row with several programs is as bad as the worst of them. A cell whose verdict differs from the one stated is either a
// bug of ours or a finding.
package matrix
