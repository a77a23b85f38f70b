package rest

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/incident"
)

// examples returns a body for every operation that takes one, by its id. They are
// in the words of the policy goscom-pro, and about nobody.
func examples() map[string]any {
	const email = "lin@mail.example"
	someone := "sub_" + strings.Repeat("0", 26)
	given := []api.Given{{Item: "account.email", Value: email, Voluntary: true}}
	use := api.Use{Subject: someone, Items: []string{"account.email"}, Purpose: "account"}
	forOrder := api.Use{Subject: someone, Items: []string{"account.email"}, Purpose: "orders", Ref: "order:2027-0042"}
	many := api.Use{Items: use.Items, Purpose: use.Purpose}
	return map[string]any{
		"register":          api.Register{Accepted: true, Adult: true, Verified: true, Point: "registration", Given: given},
		"restrict":          api.Restriction{Restricted: true},
		"hold":              api.Hold{Class: "books", Cite: "claim 2027-17"},
		"erase":             api.Erase{Everything: true},
		"find-subjects":     api.Identifier{Kind: "email", Value: email},
		"bar-identifier":    api.Bar{Identifier: api.Identifier{Kind: "email", Value: email}, Scope: "marketing", Ground: "C-057"},
		"collect":           api.Collect{Point: "registration", Given: []api.Given{{Item: "account.nickname", Value: "Lin", Voluntary: true}}},
		"correct":           api.Correct{Value: email},
		"use":               forOrder,
		"use-many":          api.UseMany{Use: many, Subjects: []string{someone}},
		"verify-secret":     api.VerifySecret{Use: api.Use{Subject: someone, Items: []string{"account.password"}, Purpose: "account"}, Candidate: "four horses read quietly"},
		"decide":            api.Decide{Uses: []api.Use{use, forOrder}},
		"choose":            api.Choice{Kind: "consent", Purpose: "push", Given: true, Channel: "settings"},
		"answer-permission": api.AnswerPermission{Permission: "camera", Device: "phone-1", Function: "add-device", Granted: true},
		"open-permission":   api.OnDevice{Device: "phone-1", Function: "add-device"},
		"close-permission":  api.OnDevice{Device: "phone-1"},
		"set-cookie":        api.CookieSet{Value: "dark", MaxAge: 86_400, SameSite: "Lax"},
		"read-cookie":       api.CookieRead{Purpose: "account"},
		"count-visit":       api.BeaconVisit{Page: "website", Member: true},
		"record-backing": api.NewBacking{
			Kind: "approval", Recipient: "authority", Ref: "Order 2027-17", Items: []string{"order.history"}, Role: "privacy-officer", Staff: "stf_" + strings.Repeat("0", 26),
		},
		"ask": api.Ask{
			Right: "rectification", Identifiers: []api.Identifier{{Kind: "email", Value: email}}, Channel: "support", Language: "en",
			Corrections: []api.Correction{{Item: "account.nickname", Value: "Lin"}},
		},
		"propose-release": api.NewRelease{
			Set: "usage", Purpose: "statistics", Audience: "public", Role: "privacy-officer", Staff: "stf_" + strings.Repeat("0", 26),
		},
		"decline-policy": api.Decline{Surface: "app"},
		"set-residence":  api.Residence{Country: "DE"},
		"record-measure": api.MeasureTaken{
			Rule: "standing", What: "suspended", Ref: "F-17", Role: "privacy-officer", Staff: "stf_" + strings.Repeat("0", 26),
		},
		"open-case": NewCase{
			Kind: "question", About: "policy", Channel: "support", Contact: email, Language: "en", Text: "What do you mean by partners, exactly?",
		},
		"send-message": api.NewMessage{
			Class: "transaction", Purpose: "orders", Channel: "email", Reason: "order-confirmed", To: []string{someone}, Title: "Your order", Text: "It is on its way.",
		},
		"record-finding":      api.NewFinding{Kind: "audit", Passed: true, Document: "audits/bugly-2027.pdf", Staff: "stf_" + strings.Repeat("0", 26)},
		"accept-instructions": api.NewAcceptance{Document: "contracts/bugly-7.pdf", Staff: "stf_" + strings.Repeat("0", 26)},
		"add-link": api.NewLink{
			Under: "linked-sites", Title: "Partner", URL: "https://partner.example/", Terms: "https://partner.example/privacy", Staff: "stf_" + strings.Repeat("0", 26),
		},
		"show-policy":        api.NewShowing{Surface: "app"},
		"exchange":           api.Exchange{To: someone, Point: "support", Item: "support.message", Value: "Is it still for sale?", FromName: "Lin", ToName: "Ann"},
		"publish-register":   api.RegisterEntry{Register: "registers", Fields: map[string]string{"name": "Lin's Lamps"}, Role: "privacy-officer", Staff: "stf_" + strings.Repeat("0", 26)},
		"make-parcel":        api.NewParcel{Subjects: []string{someone}, Items: []string{"account.email"}, Purpose: "orders", Ref: "order:2027-0042"},
		"set-recipient-key":  api.RecipientKey{Key: "avow-parcel-key-" + strings.Repeat("A", 43), Document: "contracts/key-7.pdf", Staff: "stf_" + strings.Repeat("0", 26)},
		"object-to-transfer": api.NewTransferObjection{Subject: someone},
		"note-notice":        api.NoticeShown{Surface: "app", At: "login"},
		"declare-incident": NewIncident{
			Kind: "leak", Level: "high", Touched: incident.Touched{Items: []string{"account.email"}}, Happened: "A file lay open for an hour.", Language: "en",
		},
		"charge-incident": struct{}{},
		"find-concerned":  struct{}{},
		"close-incident":  struct{}{},
		"add-measure":     NewMeasure{What: "Close the folder", Owner: "privacy-officer"},
		"measure-done":    MeasureNote{Measure: 1, Note: "done, ticket 17"},
		"authority-told":  AuthorityNote{Law: "pipl", Note: "report 2027-4"},
		"tell-concerned":  IncidentLetter{Happened: "A file lay open for an hour.", Advice: "Change your password.", Language: "en"},
		"reply-case":      CaseAnswer{CaseText{Text: "Those that the list names."}, api.StaffActs{Role: "privacy-officer", Staff: "stf_00000000000000000000000000"}},
		"escalate-case":   CaseText{Text: "That is no answer to what I asked."},
		"delay-case":      CaseCode{Code: "complex", StaffActs: api.StaffActs{Role: "privacy-officer", Staff: "stf_00000000000000000000000000"}},
		"close-case":      CaseCode{Code: "solved", StaffActs: api.StaffActs{Role: "privacy-officer", Staff: "stf_00000000000000000000000000"}},
		"verify-request":  api.VerifyRequest{Method: "identifier-code"},
	}
}

// exemplify puts the examples into the document.
func exemplify(o *huma.OpenAPI) {
	list := examples()
	for _, item := range o.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || op.RequestBody == nil {
				continue
			}
			if m := op.RequestBody.Content["application/json"]; m != nil {
				m.Example = list[op.OperationID]
			}
		}
	}
}
