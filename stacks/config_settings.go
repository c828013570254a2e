package stacks

// settings are the values of the configuration, or of one object in it, by name and with defaults included.
type settings struct {
	values map[string]any
	// faulty are those that are wrong; what follows from them need not be reported.
	faulty map[string]bool
}

func newSettings() settings {
	return settings{values: make(map[string]any), faulty: make(map[string]bool)}
}

func (s settings) text(name string) string             { return typed[string](s, name) }
func (s settings) integer(name string) int             { return typed[int](s, name) }
func (s settings) number(name string) float64          { return typed[float64](s, name) }
func (s settings) boolean(name string) bool            { return typed[bool](s, name) }
func (s settings) list(name string) []string           { return typed[[]string](s, name) }
func (s settings) pairs(name string) map[string]string { return typed[map[string]string](s, name) }
func (s settings) objects(name string) []settings      { return typed[[]settings](s, name) }

func typed[T any](s settings, name string) T {
	value, _ := s.values[name].(T)
	return value
}
