// Package bench compares loop with others of its kind. It is a module of its own, so that the main one does not depend on them.
//
//	cd loop/internal/bench && go test -bench . -count 5 | go run ./table
package bench
