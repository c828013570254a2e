package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/fault"
)

// A fault in a file shows what stands there, not the setting that names the file.
func TestFaultsInAFileThatASettingNames(t *testing.T) {
	inFile := func(line int, path fault.Path) fault.Fault {
		return fault.Fault{
			Path: "name", Place: fault.Place{File: "list.yaml", Line: line, Path: path},
			Given: "dur", Problem: fault.Problemf("not allowed"), Nearest: "duration", Allowed: "bytes or duration",
		}
	}
	values := map[string]string{"till": drawers, "name": "list.yaml"}
	_, reading := read(values)
	reading.Report(inFile(3, "a[1].field"), inFile(4, "b"))
	assert.Equal(t, []string{
		`shop:name: list.yaml:3: a[1].field: not allowed (given: "dur"); nearest: duration; allowed: bytes or duration`,
		`shop:name: list.yaml:4: b: not allowed (given: "dur"); nearest: duration; allowed: bytes or duration`,
	}, lines(t, reading))

	_, reading = read(values)
	reading.Warn(inFile(3, "a[1].field"))
	assert.Equal(t, []string{"shop:name: list.yaml:3: a[1].field: not allowed"}, reading.Warnings())

	_, reading = read(values, "name")
	reading.Report(inFile(3, "a[1].field"))
	assert.Equal(t, []string{"shop:name: [secret]:3: not allowed (given: [secret])"}, lines(t, reading))
}
