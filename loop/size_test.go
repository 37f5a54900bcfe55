package loop

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestSizes: a future and its context are one allocation of a small size class, and a timer of the smallest that will do.
func TestSizes(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) == 8 {
		require.LessOrEqual(t, unsafe.Sizeof(Future[int]{}), uintptr(160))
		require.LessOrEqual(t, unsafe.Sizeof(Timer{}), uintptr(48))
	}
}
