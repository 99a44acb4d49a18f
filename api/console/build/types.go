package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// A schema is as much of JSON Schema as the description uses.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"`
	Description          string            `json:"description"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	Items                *schema           `json:"items"`
	Enum                 []any             `json:"enum"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
}

func writeTypes() error {
	types, err := makeTypes()
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(typesFile); err == nil && bytes.Equal(old, types) {
		return nil
	}
	return os.WriteFile(typesFile, types, 0o644)
}

// makeTypes returns the description's schemas as TypeScript.
func makeTypes() ([]byte, error) {
	b, err := os.ReadFile(described)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", described, err)
	}
	var out bytes.Buffer
	out.WriteString("// Made by build from the API's description; not to be edited.\n")
	schemas := doc.Components.Schemas
	list := make([]string, 0, len(schemas))
	for name := range schemas {
		list = append(list, name)
	}
	sort.Strings(list)
	for _, name := range list {
		s := schemas[name]
		if s.Properties == nil {
			fmt.Fprintf(&out, "\nexport type %s = %s;\n", identifier(name), s.typescript())
			continue
		}
		fmt.Fprintf(&out, "\nexport interface %s {\n", identifier(name))
		keys := make([]string, 0, len(s.Properties))
		for key := range s.Properties {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			p := s.Properties[key]
			if p.Description != "" {
				fmt.Fprintf(&out, "  /** %s */\n", strings.ReplaceAll(strings.ReplaceAll(p.Description, "\n", " "), "*/", "* /"))
			}
			optional := "?"
			if slices.Contains(s.Required, key) {
				optional = ""
			}
			fmt.Fprintf(&out, "  %q%s: %s;\n", key, optional, p.typescript())
		}
		out.WriteString("}\n")
	}
	return out.Bytes(), nil
}

func (s *schema) typescript() string {
	if s.Ref != "" {
		return identifier(s.Ref[strings.LastIndexByte(s.Ref, '/')+1:])
	}
	if len(s.Enum) > 0 {
		var cases []string
		for _, v := range s.Enum {
			b, err := json.Marshal(v)
			if err != nil {
				return "unknown" // what was read from JSON can be written as JSON
			}
			cases = append(cases, string(b))
		}
		return strings.Join(cases, " | ")
	}
	switch t := s.Type.(type) {
	case string:
		return s.ofType(t)
	case []any:
		var cases []string
		for _, one := range t {
			cases = append(cases, s.ofType(fmt.Sprint(one)))
		}
		return strings.Join(cases, " | ")
	}
	return "unknown"
}

func (s *schema) ofType(name string) string {
	switch name {
	case "string", "boolean", "null":
		return name
	case "integer", "number":
		return "number"
	case "array":
		if s.Items == nil {
			return "unknown[]"
		}
		inner := s.Items.typescript()
		if strings.Contains(inner, " ") {
			inner = "(" + inner + ")"
		}
		return inner + "[]"
	case "object":
		return s.object()
	}
	return "unknown"
}

func (s *schema) object() string {
	var values schema
	if len(s.AdditionalProperties) > 0 && s.AdditionalProperties[0] == '{' && json.Unmarshal(s.AdditionalProperties, &values) == nil {
		return "Record<string, " + values.typescript() + ">"
	}
	if len(s.Properties) == 0 {
		return "Record<string, unknown>"
	}
	keys := make([]string, 0, len(s.Properties))
	for key := range s.Properties {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	var parts []string
	for _, key := range keys {
		p := s.Properties[key]
		optional := "?"
		if slices.Contains(s.Required, key) {
			optional = ""
		}
		parts = append(parts, fmt.Sprintf("%q%s: %s", key, optional, p.typescript()))
	}
	return "{ " + strings.Join(parts, "; ") + " }"
}

// identifier makes a schema's name one that TypeScript takes: link-look is
// LinkLook.
func identifier(name string) string {
	var out strings.Builder
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return out.String()
}
