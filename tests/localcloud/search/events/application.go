package events

import (
	"fmt"
	"strings"
)

// words are those of lines of text.
var words = strings.Fields("timeout while reading from upstream retry attempt order accepted customer cart item price updated cache miss " +
	"loaded connection closed by peer worker started finished job queue depth sent email invoice payment authorised declined stock reserved released " +
	"session expired login failed token refreshed request handled slow query took rows fetched committed transaction rolled back deadlock")

// text is a line that is not JSON.
func (s *source) text() string {
	sentence := make([]string, 5+s.random.IntN(20))
	for i := range sentence {
		sentence[i] = pick(s, words...)
	}
	line := strings.Join(sentence, " ")
	if s.random.IntN(20) == 0 {
		line += " " + Word
	}
	at := fmt.Sprintf("2026-03-01 %02d:%02d:%02d,%03d", s.random.IntN(24), s.random.IntN(60), s.random.IntN(60), s.random.IntN(1000))
	switch s.random.IntN(4) {
	case 0:
		return fmt.Sprintf("%s INFO [http-nio-8080-exec-%d] c.e.shop.%s - %s", at, s.random.IntN(200), pick(s, "Cart", "Order", "Stock"), line)
	case 1:
		return fmt.Sprintf("level=info msg=%q order=%d took=%dms", line, s.random.IntN(1e6), s.random.IntN(5000))
	case 2:
		frames := make([]string, 8)
		for i := range frames {
			frames[i] = fmt.Sprintf("\tat com.example.shop.%s.%s(%s.java:%d)",
				pick(s, "cart", "order"), pick(s, "handle", "load", "save"), pick(s, "Cart", "Order"), s.random.IntN(900))
		}
		return fmt.Sprintf("%s ERROR java.lang.IllegalStateException: %s\n%s", at, line, strings.Join(frames, "\n"))
	default:
		return fmt.Sprintf("\x1b[32m%s\x1b[0m %s – %s", at, pick(s, "straße", "東京", "naïve", "👍"), line)
	}
}

// application is a line of JSON with keys of the application's own choice, whose values are of any type.
func (s *source) application() map[string]any {
	fields := map[string]any{"level": pick[any](s, "info", "warn", 30, nil), Payload: s.payload()}
	for range 12 {
		fields[fmt.Sprintf("key_%04d", s.random.IntN(Keys))] = s.value()
	}
	fields["message"] = pick[any](s, s.text(), s.text(), map[string]any{"x": 1})
	if s.random.IntN(3) == 0 {
		fields["user.id"] = s.random.IntN(1000)
	} else {
		fields["user"] = pick[any](s, map[string]any{"id": s.uuid()}, "anonymous", 17, nil)
	}
	return fields
}

// The values by which the tests find a payload.
const (
	PayloadText   = "a text of its own"
	PayloadNumber = 424242
	PayloadKind   = "an object of its own"
)

// payload is a text, a number or an object under one name.
func (s *source) payload() any {
	return pick[any](s, PayloadText, PayloadNumber, true, nil, []any{"one", 2, nil},
		map[string]any{"kind": PayloadKind, "at": map[string]any{"x": 1.5}},
		[]any{map[string]any{"kind": "one of several"}, "and a text"})
}

// value is one of any type.
func (s *source) value() any {
	switch s.random.IntN(8) {
	case 0:
		return pick(s, words...)
	case 1:
		return s.random.IntN(1 << 30)
	case 2:
		return s.random.Float64()
	case 3:
		return s.random.IntN(2) == 0
	case 4:
		return map[string]any{"id": s.uuid(), "count": s.random.IntN(9)}
	case 5:
		return []any{pick(s, words...), pick(s, words...)}
	case 6:
		return "2026-03-01T10:00:00Z"
	default:
		return nil
	}
}
