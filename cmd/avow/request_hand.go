package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/rights"
)

// A taskView is one piece of work for people, in clear.
type taskView struct {
	rights.Task
	Values      map[string]string `json:"values,omitempty"`
	Identifiers map[string]string `json:"identifiers,omitempty"`
}

func (a *app) requestTasks() *cobra.Command {
	return a.step("tasks REQUEST --as LOGIN", "Show what people have to do before a request goes on", nobody,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			list, err := p.Requests().Tasks(cmd.Context(), id, by)
			if err != nil {
				return err
			}
			var out []taskView
			for _, t := range list {
				v := taskView{Task: t, Values: map[string]string{}, Identifiers: map[string]string{}}
				for _, c := range t.Values {
					v.Values[c.Item] = c.Value.Reveal()
				}
				for _, i := range t.Identifiers {
					v.Identifiers[i.Kind] = i.Value.Reveal()
				}
				out = append(out, v)
			}
			return a.print(out, func(w io.Writer) { writeTasks(w, out) })
		})
}

func writeTasks(w io.Writer, list []taskView) {
	for _, t := range list {
		if t.Recipient != "" {
			fmt.Fprintf(w, "step %d\ttell %s\tabout %s\n", t.Step, t.Recipient, strings.Join(t.Items, ", "))
		} else {
			fmt.Fprintf(w, "step %d\tin %s %s %s\t%d rows\t%s\n", t.Step, t.System, t.Collection, strings.Join(t.Columns, ", "), t.Rows, t.Why["en"])
		}
		for kind, value := range t.Identifiers {
			fmt.Fprintf(w, "\tof\t%s %s\n", kind, value)
		}
		for item, value := range t.Values {
			fmt.Fprintf(w, "\tnow\t%s %s\n", item, value)
		}
	}
}

func (a *app) requestAttest() *cobra.Command {
	var number int64
	c := a.step("attest REQUEST --step N --as LOGIN", "Say that the work of a step is done: the request goes on", nobody,
		func(cmd *cobra.Command, p *avow.Platform, id rights.ID, by gate.Actor) error {
			if err := p.Requests().Attest(cmd.Context(), id, number, by); err != nil {
				return err
			}
			if err := p.WorkUntil(cmd.Context(), id, a.progress("steps")); err != nil {
				return err
			}
			return a.show(cmd, p, id)
		})
	c.Flags().Int64Var(&number, "step", 0, "number of the step, as avow request tasks shows it")
	c.MarkFlagRequired("step")
	return c
}
