package db

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A piece of a statement: literal SQL, then the parameter that follows it (0:
// none).
type piece struct {
	sql   string
	param int
}

type pieces []piece

var errParamInLiteral = errors.New("a $ parameter inside a quoted text is not a parameter: concatenate with || instead")

// split cuts a statement at its $n parameters. Quoted texts, quoted names and
// comments are skipped; a $n inside a quoted text is refused, since it would be
// taken for a parameter by the reader.
func split(sql string) (pieces, error) {
	var out pieces
	start := 0
	for i := 0; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '\'' || c == '"':
			end := quoted(sql, i)
			if c == '\'' && hasParam(sql[i:end]) {
				return nil, errParamInLiteral
			}
			i = end - 1
		case c == '-' && strings.HasPrefix(sql[i:], "--"):
			n := strings.IndexByte(sql[i:], '\n')
			if n < 0 {
				n = len(sql) - i
			}
			i += n - 1
		case c == '$' && i+1 < len(sql) && sql[i+1] >= '1' && sql[i+1] <= '9':
			j := i + 1
			for j < len(sql) && sql[j] >= '0' && sql[j] <= '9' {
				j++
			}
			n, err := strconv.Atoi(sql[i+1 : j])
			if err != nil || n > 999 {
				return nil, fmt.Errorf("parameter %s is too large", sql[i:j])
			}
			out = append(out, piece{sql[start:i], n})
			start, i = j, j-1
		}
	}
	return append(out, piece{sql: sql[start:]}), nil
}

// controls reports whether sql would begin or end a transaction, which on SQLite
// is shared with other callers.
func controls(sql string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	switch strings.ToUpper(strings.TrimRight(word, ";")) {
	case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE":
		return true
	}
	return false
}

// quoted returns the index after the quoted text or name that begins at i.
func quoted(sql string, i int) int {
	q := sql[i]
	for j := i + 1; j < len(sql); j++ {
		if sql[j] == q {
			if j+1 < len(sql) && sql[j+1] == q {
				j++
				continue
			}
			return j + 1
		}
	}
	return len(sql)
}

func hasParam(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '$' && s[i+1] >= '1' && s[i+1] <= '9' {
			return true
		}
	}
	return false
}

// params returns the number of parameters: the largest, where all up to it
// occur; otherwise -1.
func (p pieces) params() int {
	seen := map[int]bool{}
	largest := 0
	for _, x := range p {
		if x.param > 0 {
			seen[x.param] = true
			largest = max(largest, x.param)
		}
	}
	if len(seen) != largest {
		return -1
	}
	return largest
}

func (p pieces) join(param func(int) string) string {
	var b strings.Builder
	for _, x := range p {
		b.WriteString(x.sql)
		if x.param > 0 {
			b.WriteString(param(x.param))
		}
	}
	return b.String()
}

// toLite translates a statement for SQLite, where $n is a name that binds by
// first appearance and ?n is the position.
func toLite(sql string) (string, error) {
	p, err := split(sql)
	if err != nil {
		return "", err
	}
	return p.join(func(n int) string { return "?" + strconv.Itoa(n) }), nil
}

// merge writes INSERT … VALUES (…) as one INSERT over unnest, each parameter an
// array, for PostgreSQL. Other statements give "" and run row by row.
func (p pieces) merge(types []kind) (string, error) {
	if len(types) == 0 {
		return "", nil
	}
	sql := p.join(func(n int) string { return fmt.Sprintf("u_.p%d", n) })
	head, body, tail, ok := cutValues(sql)
	if !ok {
		return "", nil
	}
	if strings.Contains(tail, "u_.p") {
		return "", errors.New("a parameter after VALUES (…): use excluded.column")
	}
	if strings.Contains(strings.ToUpper(tail), "RETURNING") {
		return "", errors.New("a declared statement returns no rows")
	}
	arrays, names := unnested(types)
	// WHERE true keeps SQL's grammar clear of "ON CONFLICT" being read as a join.
	return fmt.Sprintf("%s SELECT %s FROM unnest(%s) AS u_(%s) WHERE true %s", head, body, arrays, names, tail), nil
}

// unnested returns the arguments of unnest for arrays of these types, and the
// names of what it gives.
func unnested(types []kind) (arrays, names string) {
	for i, k := range types {
		if i > 0 {
			arrays += ", "
			names += ", "
		}
		arrays += fmt.Sprintf("$%d::%s[]", i+1, map[kind]string{integer: "bigint", text: "text", blob: "bytea"}[k])
		names += fmt.Sprintf("p%d", i+1)
	}
	return arrays, names
}

// cutValues cuts "INSERT … VALUES (body) tail". A second row of values is not
// merged.
func cutValues(sql string) (head, body, tail string, ok bool) {
	if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(sql)), "INSERT") {
		return "", "", "", false
	}
	depth, start, values := 0, -1, -1
	for i := 0; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '\'' || c == '"':
			i = quoted(sql, i) - 1
		case c == '(':
			if depth == 0 && values >= 0 && start < 0 {
				start = i + 1
			}
			depth++
		case c == ')':
			depth--
			if depth == 0 && start >= 0 {
				tail = strings.TrimSpace(sql[i+1:])
				if strings.HasPrefix(tail, ",") {
					return "", "", "", false
				}
				return strings.TrimSpace(sql[:values]), sql[start:i], tail, true
			}
		case depth == 0 && values < 0 && len(sql)-i > 6 && strings.EqualFold(sql[i:i+6], "VALUES"):
			values = i
		}
	}
	return "", "", "", false
}
