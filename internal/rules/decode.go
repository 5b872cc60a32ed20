package rules

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/rivo/uniseg"
)

// Problem is one thing that is wrong with a pack, and where.
type Problem struct {
	File    string
	Line    int // from 1; 0 when it is the file as a whole
	Column  int // characters, from 1
	Message string
	Text    string // the line
}

// maxShown is how much of a line is shown on either side of a problem, in
// characters: a pack may stand in one line.
const maxShown = 60

// Error returns the place, what is wrong, and the line with a caret under it, where a
// terminal shows the column: characters of Chinese, Japanese and Korean are two
// columns wide.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	line, at := []rune(strings.ReplaceAll(p.Text, "\t", " ")), max(p.Column-1, 0)
	if len(line) > at+maxShown {
		line = append(line[:at+maxShown:at+maxShown], '…')
	}
	if at > maxShown {
		line, at = append([]rune("…"), line[at-maxShown:]...), maxShown+1
	}
	number := fmt.Sprintf("%5d | ", p.Line)
	return fmt.Sprintf("%s:%d:%d: %s\n%s%s\n%s| %s^", p.File, p.Line, p.Column, p.Message, number, string(line), strings.Repeat(" ", len(number)-2), strings.Repeat(" ", uniseg.StringWidth(string(line[:min(at, len(line))]))+max(at-len(line), 0)))
}

// The bounds of a pack. The built-in one takes half a mebibyte.
const (
	maxFile  = 1 << 20 // bytes
	maxPack  = 8 << 20 // bytes
	maxFiles = 500
	maxDepth = 12  // lists and mappings in each other; the deepest that a pack needs is 6
	maxBlock = 120 // column up to which a key or list entry may be indented
)

// layer is one file of a pack, decoded, that still knows where everything in
// it stood.
type layer struct {
	Pack
	file  File
	root  ast.Node
	lines []string // split when the first problem is found
}

// decode reads the YAML of one file. A pack needs no anchors and aliases, and
// so has none: nothing in it can grow.
func decode(f File) (*layer, error) {
	l := &layer{file: f}
	if len(f.Text) > maxFile {
		return nil, &Problem{File: f.Name, Message: fmt.Sprintf("the file has %d bytes, at most %d are read", len(f.Text), maxFile)}
	}
	if !utf8.Valid(f.Text) {
		return nil, &Problem{File: f.Name, Message: "the file is not in UTF-8"}
	}
	tokens := lexer.Tokenize(string(f.Text))
	if p := l.suspect(tokens); p != nil {
		return nil, p
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, l.asProblem(err)
	}
	for _, doc := range parsed.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.NullType || doc.Body.Type() == ast.CommentType:
		case l.root != nil:
			return nil, l.at(doc.Body.GetToken(), "a second document; a file holds one")
		default:
			l.root = doc.Body
		}
	}
	if l.root == nil {
		return l, nil
	}
	if err := yaml.NewDecoder(bytes.NewReader(nil), yaml.Strict()).DecodeFromNode(l.root, &l.Pack); err != nil {
		return nil, l.asProblem(err)
	}
	l.placeExamples()
	return l, nil
}

// placeExamples tells every example where it stands.
func (l *layer) placeExamples() {
	place := func(list []Example, steps ...step) {
		for i := range list {
			t := find(l.root, under(steps, i)).GetToken()
			list[i].At = fmt.Sprintf("%s:%d", l.file.Name, t.Position.Line)
		}
	}
	place(l.Examples, "examples")
	for code, f := range l.Findings {
		place(f.Wrong, "findings", code, "wrong")
		place(f.Right, "findings", code, "right")
	}
}

// suspect finds what a parser should not be asked to read.
func (l *layer) suspect(tokens token.Tokens) *Problem {
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return l.at(t, "anchors, aliases and merge keys are not used in packs")
		case token.TagType:
			return l.at(t, "tags are not used in packs")
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > maxDepth {
				return l.at(t, "nested too deeply")
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			if depth <= 0 && t.Position.Column > maxBlock {
				return l.at(t, "nested too deeply")
			}
		}
	}
	return nil
}

func (l *layer) asProblem(err error) *Problem {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return l.at(located.GetToken(), located.GetMessage())
	}
	return &Problem{File: l.file.Name, Message: err.Error()}
}

// at is a problem at a token.
func (l *layer) at(t *token.Token, message string) *Problem {
	p := &Problem{File: l.file.Name, Line: t.Position.Line, Column: t.Position.Column, Message: message}
	if l.lines == nil {
		l.lines = strings.Split(string(l.file.Text), "\n")
	}
	if p.Line >= 1 && p.Line <= len(l.lines) {
		p.Text = strings.TrimRight(l.lines[p.Line-1], "\r")
	}
	return p
}

// A step leads from a node to one of its values: the name of a key, or an
// index. A key leads to the key itself.
type step = any

type key string

// problem is one about the value that the steps lead to.
func (l *layer) problem(steps []step, format string, args ...any) *Problem {
	return l.at(find(l.root, steps).GetToken(), fmt.Sprintf(format, args...))
}

// find returns the node that the steps lead to, or the last on the way.
func find(n ast.Node, steps []step) ast.Node {
	for _, s := range steps {
		next := ast.Node(nil)
		switch s := s.(type) {
		case int:
			if list, ok := n.(*ast.SequenceNode); ok && s < len(list.Values) {
				next = list.Values[s]
			}
		case string:
			next = value(n, s, false)
		case key:
			next = value(n, string(s), true)
		}
		if next == nil {
			break
		}
		n = next
	}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 { // its own token is the first colon
		return m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return m.Key
	}
	return n
}

func value(n ast.Node, name string, wantKey bool) ast.Node {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	}
	for _, v := range values {
		if v.Key.GetToken().Value == name {
			if wantKey {
				return v.Key
			}
			return v.Value
		}
	}
	return nil
}
