package demo

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// nobody is whom a case is of that came by telephone.
const nobody = -1

// cases are what people of a platform ask, suggest and complain about: one in every
// state, on the day on which it comes up.
func (s *stage) cases() {
	on := func(day int, act scene) {
		s.scenes[day] = append(s.scenes[day], act, func(ctx context.Context) error {
			_, err := s.Work(ctx) // letters go out on their day
			return err
		})
	}
	say := func(day, who int, kind contact.Kind, topic contact.Topic, steps ...caseStep) {
		t := &talk{who: who, kind: kind, topic: topic}
		on(day, func(ctx context.Context) error { return s.opens(ctx, t) })
		for i, do := range steps {
			on(day+i, func(ctx context.Context) error {
				if t.id == "" {
					return nil // a small crowd has fewer cases
				}
				return do(ctx, s, t)
			})
		}
	}
	say(41, 2, contact.Question, contact.OfPolicy, answered) // nobody replies: it is closed after thirty days
	say(55, 3, contact.Suggestion, contact.OfOther, answered, solved)
	say(84, 0, contact.Question, contact.OfPolicy, answered)
	say(89, 1, contact.Question, contact.OfOther, answered, notSatisfied) // the second look waits
	say(90, 6, contact.Comment, contact.OfPolicy, putOff)
	say(90, nobody, contact.Complaint, contact.OfData)
	on(80, func(ctx context.Context) error {
		_, err := s.SweepCases(ctx)
		return err
	})
}

// A talk is a case on its way.
type talk struct {
	id      contact.ID
	who     int // among the people
	kind    contact.Kind
	topic   contact.Topic
	chinese bool
	put     bool // the policy leaves a longer time open
}

// A caseStep takes a case on.
type caseStep func(context.Context, *stage, *talk) error

// said is what somebody writes, and what they are answered.
func (t *talk) said() (text, answer string) {
	texts := map[contact.Kind][4]string{
		contact.Question: {
			"What do you mean by partners, and can I see the list of them?", "The list of recipients stands in the policy, with what each of them gets and why.",
			"政策中的“合作伙伴”指哪些公司？我能看到名单吗？", "政策的接收方一节列有全部公司，以及各自收到的信息和用途。",
		},
		contact.Suggestion: {
			"Please show on one page which settings I have changed since I joined.", "That is a good thought: your choices now stand on one page, with the day of each.",
			"希望能在一个页面上看到我注册以来改过的所有设置。", "感谢建议：您的选择现已集中显示在一个页面上，并注明日期。",
		},
		contact.Comment: {
			"The part about how long data is kept is hard to read.", "",
			"关于保存期限的那一部分不太好懂，希望写得更清楚一些。", "",
		},
		contact.Complaint: {
			"The shop assistant asked for my date of birth, and could not say what for.", "",
			"店员索要我的出生日期，却说不出用途，我要投诉。", "",
		},
	}[t.kind]
	if t.chinese {
		return texts[2], texts[3]
	}
	return texts[0], texts[1]
}

// opens opens a case: its person writes, or support takes down what somebody said on
// the telephone.
func (s *stage) opens(ctx context.Context, t *talk) error {
	all := contact.Channels(s.Policy())
	asked := contact.Asked{Kind: t.kind, Topic: t.topic, Language: s.Policy().Languages()[0], Channel: all[0], Contact: platform.NewPersonal("+33639980101")}
	prefer := []string{"phone", "email"}
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	var who subject.ID
	if t.who != nobody {
		if t.who >= len(s.people) {
			return nil
		}
		l := s.people[t.who]
		who, by = l.id, self(l)
		asked.Contact, prefer = platform.NewPersonal(l.Email), []string{"settings", "web", "chat", "support", "email"}
		if t.chinese = l.Chinese; t.chinese {
			asked.Language = "zh-CN"
		}
	}
	for _, name := range prefer {
		if slices.Contains(all, name) {
			asked.Channel = name
			break
		}
	}
	text, _ := t.said()
	asked.Text = platform.NewPersonal(text)
	c, err := s.OpenCase(ctx, who, asked, by)
	if err != nil {
		return err
	}
	t.id, t.put = c.ID, c.Latest != nil
	return nil
}

func self(l *life) gate.Actor { return gate.Actor{Role: policy.Self, ID: string(l.id)} }

func answered(ctx context.Context, s *stage, t *talk) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	_, answer := t.said()
	_, err = s.ReplyCase(ctx, t.id, platform.NewPersonal(answer), by)
	return err
}

func solved(ctx context.Context, s *stage, t *talk) error {
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	_, err = s.CloseCase(ctx, t.id, contact.Solved, by)
	return err
}

// putOff says that the answer takes longer, where the policy leaves that open.
func putOff(ctx context.Context, s *stage, t *talk) error {
	if !t.put {
		return nil
	}
	by, err := s.actor("support")
	if err != nil {
		return err
	}
	_, err = s.DelayCase(ctx, t.id, "third-party", by)
	return err
}

func notSatisfied(ctx context.Context, s *stage, t *talk) error {
	text := "That is not what I asked: I want to know who got my address."
	if t.chinese {
		text = "这不是我问的：我想知道谁收到了我的地址。"
	}
	_, err := s.EscalateCase(ctx, t.id, platform.NewPersonal(text), self(s.people[t.who]))
	return err
}
