package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

// shop is a configuration of every kind of setting.
type shop struct {
	name    string
	token   string
	tags    map[string]string
	till    till
	guard   *guard
	shelves []shelf
}

type till struct {
	drawers int
	limit   *int
	float   float64
	locked  bool
	timeout time.Duration
	coins   []string
}

type guard struct{ name string }

type shelf struct {
	name string
	size struct{ width, depth int }
}

func (s *shop) declare(root *settings.Section) {
	word := fault.Passing("lower-case letters", func(text string) bool { return text == strings.ToLower(text) })
	settings.Text(root, &s.name, "name", "corner", word, "Its name.")
	settings.Text(root, &s.token, "token", "", fault.Rule[string]{}, "Its token.").Secret()
	settings.Map(root, &s.tags, "tags", fault.Rule[map[string]string]{Allowed: "an object of strings"}, "Its tags.")
	settings.Object(root, "till", "The till.", func(section *settings.Section) {
		settings.Integer(section, &s.till.drawers, "drawers", 0, fault.Between(1, 9), "Its drawers.").Required()
		settings.OptionalInteger(section, &s.till.limit, "limit", fault.Between(0, 100), "Its limit.")
		settings.Number(section, &s.till.float, "float", 1.5, fault.Numbers(0, 10), "Its float.")
		settings.Boolean(section, &s.till.locked, "locked", true, "Whether it is locked.")
		settings.Seconds(section, &s.till.timeout, "timeoutSeconds", time.Minute, fault.Between(0, 600), "Its timeout.")
		settings.List(section, &s.till.coins, "coins", word, "Its coins.").MaxItems(3)
	})
	settings.Optional(root, &s.guard, "guard", "The guard.", func(g *guard, section *settings.Section) {
		settings.Text(section, &g.name, "name", "", word, "The guard's name.").Required()
	})
	settings.Objects(root, &s.shelves, "shelves", "The shelves.", func(s *shelf, section *settings.Section) {
		settings.Text(section, &s.name, "name", "", word, "Its name.").Required().Unique()
		settings.Object(section, "size", "Its size.", func(section *settings.Section) {
			settings.Integer(section, &s.size.width, "width", 80, fault.Between(1, 200), "Its width.")
			settings.Integer(section, &s.size.depth, "depth", 40, fault.Between(1, 200), "Its depth.")
		})
	}).MaxItems(3)
}

func read(values map[string]string, secret ...string) (*shop, *settings.Reading) {
	source := settings.Source{Project: "shop", Stack: "dev", Values: map[string]string{}, Secret: map[string]bool{}}
	for key, value := range values {
		source.Values["shop:"+key] = value
	}
	for _, key := range secret {
		source.Secret["shop:"+key] = true
	}
	var s shop
	var root settings.Section
	s.declare(&root)
	return &s, settings.Read(&root, source)
}

// lines are the faults, without the heading.
func lines(t *testing.T, reading *settings.Reading) []string {
	t.Helper()
	err := reading.Err()
	if err == nil {
		return nil
	}
	var typed *settings.Error
	require.ErrorAs(t, err, &typed)
	return typed.Diagnostics()
}
