package asyncio

import (
	"fmt"
	"strconv"
	"strings"
)

// repr is Python's repr of the values that programs here use.
func repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return reprFloat(v)
	case string:
		return reprString(v)
	case error:
		return reprException(v)
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, repr(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func reprException(err error) string {
	if m := message(err); m != "" {
		return className(err) + "(" + reprString(m) + ")"
	}
	return className(err) + "()"
}

// reprFloat is repr of a float that is 0, or from 1e-4 to 1e16.
func reprFloat(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// reprString is repr of a string of printable characters.
func reprString(s string) string {
	quote := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = `"`
	}
	return quote + strings.NewReplacer(`\`, `\\`, "\n", `\n`, quote, `\`+quote).Replace(s) + quote
}

// abbreviated is reprlib.Repr.repr_instance: 30 characters at most.
func abbreviated(s string) string {
	const most, head, tail = 30, 13, 14
	if len(s) <= most {
		return s
	}
	return s[:head] + "..." + s[len(s)-tail:]
}

// typeName is type(v).__name__.
func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "NoneType"
	case int:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case error:
		return className(v)
	}
	return strings.TrimLeft(fmt.Sprintf("%T", v), "*")
}
