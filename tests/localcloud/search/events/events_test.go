package events

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEventsAreTheSameAgain(t *testing.T) {
	first, err := Usual(1, 500)
	require.NoError(t, err)
	second, err := Usual(1, 500)
	require.NoError(t, err)
	assert.Equal(t, first, second)
	other, err := Usual(2, 500)
	require.NoError(t, err)
	assert.NotEqual(t, first, other)
	awkward := Awkward()
	assert.Equal(t, awkward, Awkward())
}

func TestEachEventIsAnObjectOnALineWithItsOwnID(t *testing.T) {
	usual, err := Usual(1, 500)
	require.NoError(t, err)
	names, ids := map[string]bool{}, map[any]bool{}
	for _, event := range append(usual, Awkward()...) {
		assert.False(t, bytes.ContainsAny(event.Data, "\n\r"), event.Name)
		fields, err := event.Fields()
		require.NoError(t, err, event.Name)
		assert.False(t, names[event.Name], event.Name)
		assert.False(t, ids[fields["event_id"]], event.Name)
		names[event.Name], ids[fields["event_id"]] = true, true
	}
}
