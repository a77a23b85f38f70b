package page

import "time"

// A Standing is how a clause stands on the board.
type Standing struct {
	State string    // kept, attested, unproven, not-built, at-risk, attestation-overdue, broken
	Shown time.Time // when something last showed it; zero: nothing has yet
}

// Stand writes beside each clause how it stands. A clause that is not in by keeps
// none.
func (d *Document) Stand(by map[string]Standing) {
	for i := range d.Sections {
		for j := range d.Sections[i].Clauses {
			c := &d.Sections[i].Clauses[j]
			s, ok := by[c.ID]
			if !ok {
				continue
			}
			c.State, c.Stands = s.State, standing(s.State).in(d.Language)
			if !s.Shown.IsZero() {
				c.Shown = s.Shown.UTC().Format(time.DateOnly)
				c.Stands += phrase{", last shown on ", "，最近显示于 "}.in(d.Language) + c.Shown
			}
		}
	}
}

// standing names a state for people who did not build the program.
func standing(state string) phrase {
	switch state {
	case "kept":
		return phrase{"Kept", "正在履行"}
	case "attested":
		return phrase{"Kept by people, who signed", "由人员履行并已签署"}
	case "unproven":
		return phrase{"In place; nothing has happened yet that could show it", "已就绪，尚无事件可予证明"}
	case "at-risk":
		return phrase{"At risk: a deadline is near, or work has failed", "存在风险：期限将至或处理失败"}
	case "attestation-overdue":
		return phrase{"People have not signed in time that it is done", "人员未按期签署"}
	case "broken":
		return phrase{"Broken", "未履行"}
	}
	return phrase{"Not kept by anything yet", "尚无任何保障"}
}
