package policy

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Numbers gives names their numbers for the life of a platform: the n-th name
// of a list has number n. [Compile] adds the names that are new and keeps all
// that are old, so a number never means two things. The platform stores what
// [Policy.Numbers] returns and hands it to the next Compile. The zero Numbers
// is a new platform's.
type Numbers struct {
	items, purposes, classes, recipients, roles []string
}

type numbersJSON struct {
	Items      []string `json:"items"`
	Purposes   []string `json:"purposes"`
	Classes    []string `json:"classes"`
	Recipients []string `json:"recipients"`
	Roles      []string `json:"roles"`
}

// MarshalJSON gives the lists of names.
func (n Numbers) MarshalJSON() ([]byte, error) {
	return json.Marshal(numbersJSON{n.items, n.purposes, n.classes, n.recipients, n.roles})
}

// UnmarshalJSON reads the lists of names. It refuses lists in which a name
// stands twice or that are too long to be what MarshalJSON gave.
func (n *Numbers) UnmarshalJSON(b []byte) error {
	var j numbersJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("policy numbers: %w", err)
	}
	for _, l := range []struct {
		what  string
		names []string
		most  int
	}{
		{"items", j.Items, MaxItems},
		{"purposes", j.Purposes, MaxNames},
		{"classes", j.Classes, MaxNames},
		{"recipients", j.Recipients, MaxNames},
		{"roles", j.Roles, MaxRoles},
	} {
		seen := map[string]bool{}
		for _, name := range l.names {
			if seen[name] || !validName(name) {
				return fmt.Errorf("policy numbers: %s: a name is ill-formed or stands twice", l.what)
			}
			seen[name] = true
		}
		if len(l.names) > l.most {
			return fmt.Errorf("policy numbers: %s: more than %d names", l.what, l.most)
		}
	}
	*n = Numbers{j.Items, j.Purposes, j.Classes, j.Recipients, j.Roles}
	return nil
}

func (n *Numbers) clone() *Numbers {
	if n == nil {
		return &Numbers{}
	}
	return &Numbers{slices.Clone(n.items), slices.Clone(n.purposes), slices.Clone(n.classes), slices.Clone(n.recipients), slices.Clone(n.roles)}
}

// Item returns the name that has a number, also where the policy in force no
// longer declares it; "" when nothing ever had it.
func (n *Numbers) Item(no ItemNo) string { return nameAt(n.items, int(no)) }

// Purpose is as Item.
func (n *Numbers) Purpose(no PurposeNo) string { return nameAt(n.purposes, int(no)) }

// Class is as Item.
func (n *Numbers) Class(no ClassNo) string { return nameAt(n.classes, int(no)) }

// Recipient is as Item.
func (n *Numbers) Recipient(no RecipientNo) string { return nameAt(n.recipients, int(no)) }

// Role is as Item; the two actors that are not staff have names too.
func (n *Numbers) Role(no RoleNo) string {
	switch no {
	case Service:
		return "service"
	case Self:
		return "self"
	}
	return nameAt(n.roles, int(no))
}

func nameAt(names []string, no int) string {
	if no < 1 || no > len(names) {
		return ""
	}
	return names[no-1]
}

// assign gives every entry of a section its number, adding to list.
func assign[T any](fs *findings, what string, list *[]string, s section[T], most int) map[string]int {
	nos := make(map[string]int, len(s.entries))
	for i, name := range *list {
		nos[name] = i + 1
	}
	for _, e := range s.entries {
		if nos[e.name] != 0 {
			continue
		}
		if len(*list) >= most {
			fs.errorf("numbers.full", e.pos, "reuse names that are no longer in the policy", "there are already %d %s over the life of this platform, and no number is left for %q", most, what, e.name)
			break
		}
		*list = append(*list, e.name)
		nos[e.name] = len(*list)
	}
	return nos
}
