package asyncio

// Repr is repr, for tests.
func Repr(v any) string { return repr(v) }
