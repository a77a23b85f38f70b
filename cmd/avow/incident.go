package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
)

func (a *app) incidentCommand() *cobra.Command {
	c := group("incident", "When data got out: what is done, who hears of it, until when",
		`An incident is declared as soon as somebody knows of it. Its plan opens with it:

  declare    what happened, and what was touched: the log says whom it concerns
  charge     take charge of one that a person reported
  measure    add a measure to the plan
  done       a measure was carried out
  people     whom it concerns, and who of them was told
  tell       write to them: what happened, what is done, what they can do
  report     the report for an authority, as text or JSON
  authority  the authority of a law got it
  close      refused while a measure is open or somebody was not told

Clocks run from the discovery, each at the strictest of policy and law. The officer is
written to before one runs out.`,
		a.incidentDeclare(), a.incidentList(), a.incidentShow(), a.incidentCharge(), a.incidentMeasure(), a.incidentDone(),
		a.incidentPeople(), a.incidentFind(), a.incidentTell(), a.incidentReport(), a.incidentAuthority(), a.incidentClose())
	onPlatform(c.Commands()...)
	return c
}

func (a *app) incidentDeclare() *cobra.Command {
	var d incident.Declaration
	var kind, level, discovered, from, until, staff string
	c := asStaff(&cobra.Command{
		Use:   "declare --kind KIND --as LOGIN",
		Short: "Declare an incident: its plan and its clocks start",
		Long: `declare opens an incident. Say what was touched, and the log says whom it concerns:

  --staff LOGIN      what a member of the staff used between --from and --until
  --key KEY          what a program with this API key used then
  --recipient NAME   what a recipient was given until then
  --system NAME      what lies in a system of the data map; vault is avow's own
  --item ITEM        these items alone; with none of the above, wherever they lie

Who declares it takes charge.`,
		Example: `  avow incident declare --kind leak --recipient cloud --discovered 2026-03-01T08:00:00Z --as jun
  avow incident declare --kind access --staff mei --from 2026-02-20T00:00:00Z --as jun`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, by, err := a.staffed(cmd)
			if err != nil {
				return err
			}
			d.Kind, d.Level = incident.Kind(kind), incident.Level(level)
			for _, t := range []struct {
				text string
				into *time.Time
			}{{discovered, &d.Discovered}, {from, &d.Touched.From}, {until, &d.Touched.Until}} {
				if t.text == "" {
					continue
				}
				if *t.into, err = time.Parse(time.RFC3339, t.text); err != nil {
					return usage("write a time as 2026-03-01T08:00:00Z")
				}
			}
			if staff != "" {
				who, err := p.StaffID(cmd.Context(), staff)
				if err != nil {
					return err
				}
				d.Touched.Staff = who
			}
			return a.incidentMoved(p.DeclareIncident(cmd.Context(), d, by))
		},
	})
	f := c.Flags()
	f.StringVar(&kind, "kind", "leak", "leak, access, account, loss, alteration")
	f.StringVar(&level, "level", "", "highest, high, ordinary (highest for accounts, else high)")
	f.StringVar(&discovered, "discovered", "", "when somebody first knew (now when left out)")
	f.StringVar(&d.Happened, "happened", "", "what happened, in words that people are told")
	f.StringVar(&d.Language, "language", "", "language of these words (the policy's first when left out)")
	f.StringVar(&staff, "staff", "", "login of the member of staff whose access was misused")
	f.StringVar(&d.Touched.Key, "key", "", "API key that got out")
	f.StringVar(&d.Touched.Recipient, "recipient", "", "recipient that lost what it was given")
	f.StringVar(&d.Touched.System, "system", "", "system of the data map, or vault")
	f.StringArrayVar(&d.Touched.Items, "item", nil, "item concerned (again for more)")
	f.StringVar(&d.Touched.Subject, "subject", "", "the one person whom it touched")
	f.StringVar(&from, "from", "", "when it began")
	f.StringVar(&until, "until", "", "when it ended")
	return c
}

func (a *app) incidentList() *cobra.Command {
	var state string
	c := &cobra.Command{
		Use:   "list",
		Short: "List incidents, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.platform(cmd)
			if err != nil {
				return err
			}
			list, err := p.Incidents(cmd.Context(), incident.State(state), "", 500)
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, i := range list {
					fmt.Fprintln(w, incidentLine(i))
				}
			})
		},
	}
	c.Flags().StringVar(&state, "state", "", "only those that are open or closed")
	return c
}

func incidentLine(i platform.IncidentSummary) string {
	return fmt.Sprintf("%s\t%s\t%s\t%s\towner %s\tdiscovered %s", i.ID, i.State, i.Level, i.Kind, i.Owner, i.Discovered.Format(time.RFC3339))
}

func (a *app) incidentID(cmd *cobra.Command, arg string) (*avow.Platform, incident.ID, error) {
	p, err := a.platform(cmd)
	if err != nil {
		return nil, "", err
	}
	id, err := incident.ParseID(arg)
	return p, id, err
}

// incidentAct is a command of staff on one incident.
func (a *app) incidentAct(use, short string, fn func(*cobra.Command, *avow.Platform, incident.ID, gate.Actor) (*platform.IncidentView, error)) *cobra.Command {
	return onOne(a, &cobra.Command{Use: use, Short: short}, a.incidentID, nobody,
		func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) error {
			return a.incidentMoved(fn(cmd, p, id, by))
		})
}

// incidentLook is a command that looks at one incident.
func (a *app) incidentLook(use, short string, fn func(*cobra.Command, *avow.Platform, incident.ID) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		p, id, err := a.incidentID(cmd, args[0])
		if err != nil {
			return err
		}
		return fn(cmd, p, id)
	}}
}

func (a *app) incidentMoved(v *platform.IncidentView, err error) error {
	if err != nil {
		return err
	}
	return a.print(v, func(w io.Writer) { printIncident(w, v) })
}

func printIncident(w io.Writer, v *platform.IncidentView) {
	fmt.Fprintln(w, incidentLine(v.IncidentSummary))
	for _, m := range v.Measures {
		state := "open"
		if m.Done != nil {
			state = "done " + m.Done.Format(time.RFC3339) + ": " + m.Note
		}
		fmt.Fprintf(w, "  measure %d\t%s\towner %s\t%s\n", m.No, m.What, m.Owner, state)
	}
	for _, c := range v.Clocks {
		state := "running"
		switch {
		case c.Late:
			state = "late, done " + c.Done.Format(time.RFC3339)
		case c.Done != nil:
			state = "done " + c.Done.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "  clock %s\tdue %s\t%s\n", strings.TrimSpace(fmt.Sprintf("%s %s", c.Duty, c.Law)), dueText(c.Due), state)
	}
	n := v.People
	fmt.Fprintf(w, "  people\t%d concerned\t%d told\t%d waiting\t%d unreachable\n", n.Concerned, n.Told, n.Waiting, n.Unreachable)
}

func (a *app) incidentShow() *cobra.Command {
	return a.incidentLook("show INCIDENT", "Show an incident with its plan and its clocks", func(cmd *cobra.Command, p *avow.Platform, id incident.ID) error {
		return a.incidentMoved(p.Incident(cmd.Context(), id))
	})
}

func (a *app) incidentCharge() *cobra.Command {
	return a.incidentAct("charge INCIDENT --as LOGIN", "Take charge: the plan has started", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.TakeCharge(cmd.Context(), id, by)
	})
}

func (a *app) incidentMeasure() *cobra.Command {
	var what, owner string
	c := a.incidentAct("measure INCIDENT --what TEXT --as LOGIN", "Add a measure to the plan", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.AddMeasure(cmd.Context(), id, what, owner, by)
	})
	c.Flags().StringVar(&what, "what", "", "what is to be done")
	c.Flags().StringVar(&owner, "owner", "", "role that sees to it (the one that leads when left out)")
	return c
}

func (a *app) incidentDone() *cobra.Command {
	var no int64
	var note string
	c := a.incidentAct("done INCIDENT --measure N --note TEXT --as LOGIN", "Record that a measure was carried out", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.MeasureDone(cmd.Context(), id, no, note, by)
	})
	c.Flags().Int64Var(&no, "measure", 0, "its number in the plan")
	c.Flags().StringVar(&note, "note", "", "what was done; it names nobody")
	return c
}

func (a *app) incidentPeople() *cobra.Command {
	return a.incidentLook("people INCIDENT", "List whom an incident concerns, and who of them was told", func(cmd *cobra.Command, p *avow.Platform, id incident.ID) error {
		list := []platform.Concerned{}
		for after := subject.ID(""); ; {
			page, err := p.ConcernedBy(cmd.Context(), id, after, 500)
			if err != nil {
				return err
			}
			list = append(list, page...)
			if len(page) < 500 {
				break
			}
			after = page[len(page)-1].Subject
		}
		return a.print(list, func(w io.Writer) {
			for _, c := range list {
				fmt.Fprintf(w, "%s\t%s\tdue %s\t%s\n", c.Subject, c.State, dueText(c.Due), dueText(c.Told))
			}
		})
	})
}

func (a *app) incidentFind() *cobra.Command {
	return a.incidentAct("find INCIDENT --as LOGIN", "Look in the log again for whom it concerns", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.FindConcerned(cmd.Context(), id, by)
	})
}

func (a *app) incidentTell() *cobra.Command {
	var happened, advice, language string
	c := a.incidentAct("tell INCIDENT --advice TEXT --as LOGIN", "Write to everybody whom it concerns", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.TellConcerned(cmd.Context(), id, happened, advice, language, by)
	})
	c.Flags().StringVar(&happened, "happened", "", "what happened, in plain words (what was declared when left out)")
	c.Flags().StringVar(&advice, "advice", "", "what people can do")
	c.Flags().StringVar(&language, "language", "", "language of the letters (that of the incident when left out)")
	return c
}

func (a *app) incidentReport() *cobra.Command {
	var law string
	c := a.incidentLook("report INCIDENT", "Write the report for an authority, as Markdown or --json", func(cmd *cobra.Command, p *avow.Platform, id incident.ID) error {
		r, err := p.IncidentReport(cmd.Context(), id, law)
		if err != nil {
			return err
		}
		return a.print(r, func(w io.Writer) { fmt.Fprint(w, r.Markdown()) })
	})
	c.Flags().StringVar(&law, "law", "", "law whose authority it is for (the first clock's when left out)")
	return c
}

func (a *app) incidentAuthority() *cobra.Command {
	var law, note string
	c := a.incidentAct("authority INCIDENT --law LAW --note TEXT --as LOGIN", "Record that an authority was told", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.AuthorityTold(cmd.Context(), id, law, note, by)
	})
	c.Flags().StringVar(&law, "law", "", "law whose authority it is, as the clock names it")
	c.Flags().StringVar(&note, "note", "", "where the report can be looked up")
	return c
}

func (a *app) incidentClose() *cobra.Command {
	return a.incidentAct("close INCIDENT --as LOGIN", "End an incident when all is done", func(cmd *cobra.Command, p *avow.Platform, id incident.ID, by gate.Actor) (*platform.IncidentView, error) {
		return p.CloseIncident(cmd.Context(), id, by)
	})
}
