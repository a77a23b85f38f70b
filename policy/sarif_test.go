package policy

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSARIFNamesRuleLevelAndPlace(t *testing.T) {
	_, all, _ := Load("policies/tea.yaml", []byte(edit(t, entire(t), "type: order, ", "", "stance: listed", "stance: never", "agreement: act", "agreement: use")), nil)
	out, err := SARIF("1.2.3", all)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Schema  string `json:"$schema"`
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name, Version string
					Rules         []struct{ ID string }
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(out, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || run.Tool.Driver.Version != "1.2.3" || run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("%+v", log)
	}
	if len(run.Results) != len(all) || len(all) < 3 {
		t.Fatalf("%d results of %d findings", len(run.Results), len(all))
	}
	for i, r := range run.Results {
		place := r.Locations[0].PhysicalLocation
		f := all[i]
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.RuleID != f.Code || r.Level != string(f.Severity) || !strings.HasPrefix(r.Message.Text, f.Message) ||
			place.ArtifactLocation.URI != "policies/tea.yaml" || place.Region.StartLine != f.Pos.Line || place.Region.StartColumn != f.Pos.Column {
			t.Errorf("%+v is not %v", r, f)
		}
	}
	if out, err = SARIF("", nil); err != nil || !strings.Contains(string(out), `"results": []`) || !strings.Contains(string(out), `"rules": []`) {
		t.Errorf("no findings: %s, %v", out, err)
	}
}
