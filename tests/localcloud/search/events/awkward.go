package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/log-pipeline/components/delivery"
)

// AwkwardPod wrote all awkward events.
const AwkwardPod = "awkward-7d9c8b6f5-zz"

// Awkward are events that a search index is known to refuse, lose or grow by. Each is an object as an application may write it. All have
// an event_id of their own.
func Awkward() []Event {
	return slices.Concat(anyTypes(), shapes(), keys(), numbers(), dates(), large(), text())
}

// awkward is an event with those fields, which are the inside of a JSON object.
func awkward(name, fields string) Event {
	id, _ := json.Marshal("awkward: " + name)
	data := fmt.Sprintf(`{"event_id":%s`, id)
	for _, field := range [][2]string{{"pod", AwkwardPod}, {"namespace", "shop"}, {"time", First.Add(-time.Hour).Format(time.RFC3339)}} {
		if !strings.Contains(fields, `"`+field[0]+`":`) {
			data += fmt.Sprintf(",%q:%q", field[0], field[1])
		}
	}
	return Event{Name: name, Data: []byte(data + "," + fields + "}")}
}

// anyTypes have each known field with each type.
func anyTypes() []Event {
	var made []Event
	known := []string{"@timestamp", "fields", "timestamp", "level"}
	for _, column := range delivery.DefaultColumns() {
		if column.Name != "event_id" && column.Name != "pod" {
			known = append(known, column.Name)
		}
	}
	for _, key := range known {
		for _, value := range []string{
			`"some text"`, `""`, `"-"`, `17`, `-1`, `1.5`, `"17"`, `123456789012345678901234567890`, `true`, `null`,
			`[1,"a",null,true,{"x":1},[2]]`, `[]`, `{"x":1}`, `{}`,
			`[null,null]`, `["2026-03-01T10:00:00Z",17]`,
		} {
			made = append(made, awkward("known "+key+" "+value, fmt.Sprintf("%q:%s", key, value)))
		}
	}
	for _, inner := range []string{"pod_name", "namespace_name", "container_name", "host", "labels"} {
		for _, value := range []string{`17`, `null`, `["a",{"x":1}]`, `{"x":{"y":1}}`, `""`, `{"":1}`, `{"a..b":1}`} {
			made = append(made, awkward("kubernetes "+inner+" "+value, fmt.Sprintf(`"kubernetes":{%q:%s,"more":{"x":1}}`, inner, value)))
		}
	}
	return append(made,
		awkward("labels", `"kubernetes":{"pod_name":"p","labels":{"app.kubernetes.io/name":"a","app.kubernetes.io/name.x":"b",`+
			`"app":"c","app.x":"d",".":"e","a/b":null}}`),
		awkward("labels with objects", `"kubernetes":{"labels":{"app":{"kubernetes.io/name":"a"},"app.kubernetes.io/name":"b"}}`))
}

// shapes are of objects and arrays.
func shapes() []Event {
	nested := func(depth int) string { return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) }
	many := make([]string, 3000)
	for i := range many {
		many[i] = fmt.Sprintf(`"wide_%d":%d`, i, i)
	}
	return []Event{
		awkward("nested", `"deep":`+nested(60)),
		awkward("nested in message", `"message":`+nested(60)),
		awkward("nested arrays", `"deep":`+strings.Repeat("[", 60)+"1"+strings.Repeat("]", 60)),
		awkward("nested arrays of objects", `"deep":`+strings.Repeat(`[{"a":`, 40)+"1"+strings.Repeat("}]", 40)),
		awkward("mixed array", `"mixed":[1,"a",true,null,1.5,{"x":1},[],{},[[{"y":[null]}]]]`),
		awkward("array of objects", `"list":[{"id":1},{"id":"a"},{"id":{"x":1}},{"id":null},{"id":[1,"a"]}]`),
		awkward("long array", `"list":[`+strings.Repeat("1234567,", 20000)+`1]`),
		awkward("3000 keys", strings.Join(many, ",")),
		awkward("3000 keys below one", `"wide":{`+strings.Join(many, ",")+`}`),
		awkward("empty", `"a":{},"b":[],"c":"","d":null,"e":[{}],"f":[[]],"g":[null],"h":{"i":{}}`),
	}
}

// keys are names that mean something to the index, or nothing to anybody.
func keys() []Event {
	var made []Event
	names := []string{
		"", " ", ".", "..", "...", "a..b", ".a", "a.", ".a.", "a.b", "user.id", "a b", "a/b", "a\tb", "*", "a*", "?", "_id", "_index",
		"_source", "_routing", "_type",
		"_field_names", "_seq_no", "_version", "_ignored", "_nested_path", "_doc_count", "_size", "_ingest", "_ingest.timestamp", "ctx",
		"doc", "params", "__proto__", "constructor", "_op_type",
		"_version_type", "_if_seq_no", "_dynamic_templates", "message.x", "kubernetes.labels", "kubernetes.pod_name", "pod.name",
		"fields.x", "@timestamp.x", "time.x",
		"ключ", "鍵", "👍", `quote"d`, `back\slash`, "new\nline", "\u0000", "\u2028", "_value", "_valueAndPath", "x=y", "fields._valueAndPath",
		strings.Repeat("k", 1000), strings.Repeat("k.", 500), strings.Repeat("é", 500),
	}
	for _, name := range names {
		key, _ := json.Marshal(name)
		for i, value := range []string{`"v"`, `{"x":1}`, `[{"y":"v"},2]`, "null"} {
			made = append(made, awkward(fmt.Sprintf("key %.20q %d", name, i), fmt.Sprintf("%s:%s", key, value)))
		}
		made = append(made, awkward(fmt.Sprintf("key %.20q below", name), fmt.Sprintf(`"below":{%s:{%s:"v"}}`, key, key)))
	}
	return append(made,
		awkward("dotted beside object", `"user.id":1,"user":{"id":2}`),
		awkward("dotted beside text", `"user":"a","user.id":1,"user.id.x":{"y":2}`),
		awkward("known beside dotted", `"message":"text","message.x":1,"kubernetes":{"pod_name":"p"},"kubernetes.pod_name":"q"`),
		awkward("upper case", `"Message":"a","POD":"b","Kubernetes":{"x":1}`))
}

// numbers are those that no long or double holds, and what is no number.
func numbers() []Event {
	var made []Event
	for _, value := range []string{
		"9223372036854775807", "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "1e30", "1e308", "1e309",
		"-1e400", "1e-400", "0.1234567890123456789012345", "-0", "-0.0",
		"1E5", "200.0", "200.5", "2e2", strings.Repeat("9", 900), "1." + strings.Repeat("9", 900), `"NaN"`, `"Infinity"`, `"-Infinity"`,
		`"1e400"`, `"0x1F"`, `"1,5"`, `"1_000"`, `" 17 "`, `"１７"`,
		`"200"`, `"2147483648"`, "2147483648",
	} {
		for _, key := range []string{"amount", "duration", "response_code", "bytes_sent", "time", "event_number"} {
			made = append(made, awkward(fmt.Sprintf("%s %.40s", key, value), fmt.Sprintf("%q:%s", key, value)))
		}
	}
	return made
}

// dates are in many forms, and none.
func dates() []Event {
	var made []Event
	for _, value := range []string{
		`"2026-03-01T10:00:00Z"`, `"2026-03-01T10:00:00.123456789Z"`, `"2026-03-01T10:00:00.123+02:00"`, `"2026-03-01T10:00:00+0200"`,
		`"2026-03-01T10:00:00"`, `"2026-03-01 10:00:00"`,
		`"2026-03-01 10:00:00,123"`, `"2026-03-01"`, `"2026-03"`, `"2026"`, `"20260301T100000Z"`, `"01/Mar/2026:10:00:00 +0000"`,
		`"Sun, 01 Mar 2026 10:00:00 GMT"`, `"Mar  1 10:00:00"`,
		`"2026-02-30T10:00:00Z"`, `"2026-13-01T00:00:00Z"`, `"2026-03-01T25:00:00Z"`, `"0000-00-00T00:00:00Z"`,
		`"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, `"99999-01-01T00:00:00Z"`,
		`"+999999999-12-31T23:59:59Z"`, `"-0001-01-01T00:00:00Z"`, `"1969-12-31T23:59:59Z"`, `"2262-04-12T00:00:00Z"`,
		`"2026-03-01T10:00:60Z"`, `"2026-03-01T10:00:00Z[UTC]"`, `"now"`, `"now-1d"`, `"2026-03-01||/d"`,
		`"tomorrow"`, `"-"`, `" "`, `1772359200`, `1772359200.123`, `1772359200123`, `-1`, `0`, `99999999999999999`, `"1772359200"`,
		`"1772359200123"`, `"2026-W09-7"`,
	} {
		for _, key := range []string{"time", "start_time", "@timestamp", "timestamp", "created"} {
			made = append(made, awkward(key+" "+value, fmt.Sprintf("%q:%s", key, value)))
		}
		made = append(made, awkward("both "+value, fmt.Sprintf(`"time":%s,"start_time":%s`, value, value)))
	}
	return append(made, awkward("times of several types", `"time":{"seconds":1772359200},"start_time":["2026-03-01T10:00:00Z"]`))
}

// large are values beyond what a term may have, 32,766 bytes.
func large() []Event {
	const kilobyte = 1000
	long := func(bytes int) string { return strings.Repeat("lorem ipsum ", bytes/12) }
	unbroken := func(bytes int) string { return strings.Repeat("x", bytes) }
	made := []Event{
		awkward("message of 40 KB", fmt.Sprintf(`"message":%q`, long(40*kilobyte))),
		awkward("message of 40 KB without a space", fmt.Sprintf(`"message":%q`, unbroken(40*kilobyte))),
		awkward("message of 1 MB", fmt.Sprintf(`"message":%q`, long(1000*kilobyte))),
		awkward("message of 1 MB without a space", fmt.Sprintf(`"message":%q`, unbroken(1000*kilobyte))),
		awkward("message of 40 KB of three bytes each", fmt.Sprintf(`"message":%q`, strings.Repeat("鍵", 14000))),
		awkward("field of 1 MB", fmt.Sprintf(`"body":%q`, long(1000*kilobyte))),
	}
	for _, bytes := range []int{32700, 32766, 32767, 32800, 40 * kilobyte} {
		for _, inside := range []string{
			`"body":%q`, `"body":{"text":%q}`, `"body":["a",%q]`, `"body":{"a":{"b":[{"c":%q}]}}`, `"path":%q`, `"time":%q`,
			`"kubernetes":{"labels":{"app.kubernetes.io/name":%q}}`,
			`"kubernetes":{"host":%q}`, `"message":{"x":%q}`, `"stream":%q`, `"user_agent":%q`,
		} {
			made = append(made, awkward(fmt.Sprintf("%d bytes in %s", bytes, inside), fmt.Sprintf(inside, unbroken(bytes))))
		}
		made = append(made,
			awkward(fmt.Sprintf("unknown of %d bytes of three each", bytes), fmt.Sprintf(`"body":%q`, strings.Repeat("鍵", bytes/3))),
			awkward(fmt.Sprintf("path of %d bytes of three each", bytes), fmt.Sprintf(`"path":%q`, strings.Repeat("鍵", bytes/3))),
			awkward(fmt.Sprintf("number as text of %d", bytes), fmt.Sprintf(`"response_code":%q`, strings.Repeat("1", bytes))),
			awkward(fmt.Sprintf("key of %d bytes", bytes), fmt.Sprintf("%q:1", unbroken(bytes))))
	}
	return made
}

// text is of characters that not everything reads. Half a pair of UTF-16 is no character.
func text() []Event {
	var made []Event
	for i, value := range []string{
		`\ud83d\ude00`, `\ud83d`, `\ude00`, `\ude00\ud83d`, `a\ud83db`, `\u0000`, `a\u0000b`, `\ufffe`, `\uffff`, `\u202e`, `\b\f\n\r\t`,
		`\/`, `\u001b[31m`, "\u007f", "\ufeff", "e\u0301",
		"::1", "2001:db8::1", "fe80::1%eth0", "::ffff:10.0.0.1", "[2001:db8::1]:443",
	} {
		for _, key := range []string{"message", "body", "path", "downstream_remote_address"} {
			made = append(made, awkward(fmt.Sprintf("%s text %d", key, i), fmt.Sprintf(`%q:"%s"`, key, value)))
		}
		made = append(made,
			awkward(fmt.Sprintf("key text %d", i), fmt.Sprintf(`"%s":1`, value)),
			awkward(fmt.Sprintf("below text %d", i), fmt.Sprintf(`"body":{"%s":["%s"]}`, value, value)))
	}
	return made
}
