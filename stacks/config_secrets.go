package stacks

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// hidden stands for an encrypted value in a message, as in what the Pulumi CLI prints.
const hidden = "[secret]"

// longSecret is from which length on a secret is looked for where it is not quoted: shorter ones are words and numbers of any
// message.
const longSecret = 8

// secret is an encrypted value, or a text in it.
type secret struct {
	text string
	// key is whose value it is, in full; empty for a part of one.
	key string
}

// add takes a fault over, without what is encrypted of any key.
func (p *parser) add(f fault) {
	f.problem = p.openText(f.key, f.problem)
	if f.nearest != "" {
		f.nearest = p.openText(f.key, f.nearest)
	}
	p.faults = append(p.faults, f)
}

// openText is a message about a key without what is encrypted.
func (p *parser) openText(key, text string) string {
	key, _, _ = strings.Cut(key, "[")
	for _, s := range p.secretTexts() {
		text = strings.ReplaceAll(text, strconv.Quote(s.text), hidden)
		if s.key == key || len(s.text) >= longSecret {
			text = replaceWord(text, s.text, hidden)
		}
	}
	return text
}

// secretTexts are all texts in encrypted values.
func (p *parser) secretTexts() []secret {
	if p.secrets == nil {
		p.secrets = []secret{}
		for _, key := range configKeys {
			full := p.full(key.name)
			text := p.raw.Values[full]
			if text == "" || !key.secret && !p.raw.Secret[full] {
				continue
			}
			p.secrets = append(p.secrets, secret{text: text, key: full})
			for _, part := range textsIn(text) {
				// The names of our own fields are no secret.
				if !slices.ContainsFunc(key.fields, func(field configKey) bool { return field.name == part }) {
					p.secrets = append(p.secrets, secret{text: part})
				}
			}
		}
		// One may begin with another.
		slices.SortStableFunc(p.secrets, func(a, b secret) int { return len(b.text) - len(a.text) })
	}
	return p.secrets
}

// textsIn are the texts, numbers and names of fields in a list or an object.
func textsIn(value string) []string {
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.UseNumber()
	var texts []string
	for {
		token, err := decoder.Token()
		if err != nil {
			return texts
		}
		switch token := token.(type) {
		case string:
			if token != "" {
				texts = append(texts, token)
			}
		case json.Number:
			texts = append(texts, token.String())
		}
	}
}

// replaceWord replaces a text where it is not a part of a longer word.
func replaceWord(text, word, with string) string {
	var done strings.Builder
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return done.String() + text[from:]
		}
		start, end := from+i, from+i+len(word)
		done.WriteString(text[from:start])
		if start > 0 && isWord(text[start-1]) || end < len(text) && isWord(text[end]) {
			done.WriteString(word)
		} else {
			done.WriteString(with)
		}
		from = end
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
