package main

import (
	"io"
	"os"
	"strings"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// maxValue is the largest value that a file or standard input may give.
const maxValue = 1 << 20

// givenHelp explains how values are written on the command line.
const givenHelp = `A value is given as item=value. Everybody who can list processes can read a
command line, so real values better come from a file, item=@FILE, or from
standard input, item=- (one of them).`

// pair reads name=value, name=@FILE or name=-. An error never repeats the value.
func (a *app) pair(arg string) (name, value string, err error) {
	name, value, ok := strings.Cut(arg, "=")
	if !ok || name == "" {
		return "", "", usage("an argument has no name: write name=value")
	}
	switch {
	case value == "-":
		value, err = read(a.stdin, name)
	case strings.HasPrefix(value, "@"):
		var f *os.File
		if f, err = os.Open(a.path(value[1:])); err != nil {
			return "", "", fault.Wrap(fault.Invalid, err, "%s: the file of its value cannot be read", name)
		}
		defer f.Close()
		value, err = read(f, name)
	}
	return name, value, err
}

func read(r io.Reader, name string) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxValue+1))
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "%s: its value cannot be read", name)
	}
	if len(b) > maxValue {
		return "", usage("%s: a value has at most %d bytes", name, maxValue)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), nil
}

// leftOut is what was not given, as REST says it.
func leftOut(p *policy.Policy, items []*policy.Item) []api.LeftOut {
	out := []api.LeftOut{}
	for _, it := range items {
		out = append(out, api.LeftOut{Item: it.Name, Without: it.Without.In(p.Languages()[0]), Clause: it.Clause})
	}
	return out
}

// given reads the values of a collection. What is typed on a command line is a
// voluntary act of whoever it was typed for.
func (a *app) given(args []string) ([]policy.Given, error) {
	var out []policy.Given
	for _, arg := range args {
		name, value, err := a.pair(arg)
		if err != nil {
			return nil, err
		}
		out = append(out, policy.Given{Item: name, Value: value, Voluntary: true})
	}
	return out, nil
}
