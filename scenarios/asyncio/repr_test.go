package asyncio_test

import "github.com/lastcall-go/lastcall/scenarios/asyncio"

func repr(v any) string { return asyncio.Repr(v) }
