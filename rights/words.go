package rights

import (
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/policy"
)

// A narrator says numbers and codes in the words of the policy and of the
// person's language.
type narrator struct {
	p        *policy.Policy
	language string
}

func (n narrator) chinese() bool { return strings.HasPrefix(strings.ToLower(n.language), "zh") }

func (n narrator) pick(en, zh string) string {
	if n.chinese() {
		return zh
	}
	return en
}

// titled is a title, or the name where the policy gives none.
func (n narrator) titled(t policy.Text, name string) string {
	if s := t.In(n.language); s != "" {
		return s
	}
	return name
}

func (n narrator) purpose(no policy.PurposeNo) string {
	if x := n.p.PurposeBy(no); x != nil {
		return n.titled(x.Title, x.Name)
	}
	return "#" + strconv.Itoa(int(no))
}

func (n narrator) item(no policy.ItemNo) string {
	if x := n.p.ItemBy(no); x != nil {
		return n.titled(x.Title, x.Name)
	}
	return "#" + strconv.Itoa(int(no))
}

func (n narrator) recipient(no policy.RecipientNo) string {
	if x := n.p.RecipientBy(no); x != nil {
		return n.titled(x.Title, x.Name)
	}
	return "#" + strconv.Itoa(int(no))
}

func (n narrator) disclosures(list []disclosure.Disclosure) []parcel.Disclosure {
	var out []parcel.Disclosure
	for _, d := range list {
		x := parcel.Disclosure{At: d.At, Recipient: n.recipient(d.Recipient), Purpose: n.purpose(d.Purpose), Scenario: d.Scenario}
		for _, i := range d.Items {
			x.Items = append(x.Items, n.item(i))
		}
		out = append(out, x)
	}
	return out
}

// items explains every item of the policy, with who received it.
func (n narrator) items(gave []disclosure.Disclosure) []parcel.Item {
	to := map[policy.ItemNo][]string{}
	for _, d := range gave {
		name := n.recipient(d.Recipient)
		for _, i := range d.Items {
			if !has(to[i], name) {
				to[i] = append(to[i], name)
			}
		}
	}
	var out []parcel.Item
	for _, i := range n.p.Items() {
		out = append(out, parcel.Explain(n.p, i, n.language, to[i.No]))
	}
	return out
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (n narrator) consents(list []consent.Record) []parcel.Consent {
	var out []parcel.Consent
	for _, r := range list {
		x := parcel.Consent{At: r.At, Policy: r.Policy, Channel: r.Channel}
		switch {
		case r.Purpose != 0:
			x.Purpose = n.purpose(r.Purpose)
		case r.Recipient != 0:
			x.Purpose = n.recipient(r.Recipient)
		}
		switch {
		case r.Kind == consent.Objection && r.Given:
			x.Said = n.pick("objected", "反对")
		case r.Kind == consent.Objection:
			x.Said = n.pick("objection ended", "撤回反对")
		case r.Given:
			x.Said = n.pick("yes", "同意")
		default:
			x.Said = n.pick("no", "撤回同意")
		}
		if !r.Until.IsZero() {
			x.Until = r.Until.Format(time.RFC3339)
		}
		out = append(out, x)
	}
	return out
}

// entry says a log entry in words: what happened, and its fields by name.
func (n narrator) entry(r audit.Record) parcel.Entry {
	e := parcel.Entry{Number: r.Seq, At: r.At.Format(time.RFC3339), Kind: n.kind(r.Kind)}
	for _, f := range r.Public {
		e.Details = n.detail(e.Details, f)
	}
	for _, f := range r.Private {
		if f.Tag != audit.TagSubjectID {
			e.Details = n.detail(e.Details, f)
		}
	}
	return e
}

// detail adds a field in words. Hashes and inner numbers say nothing to a person
// and are left to the log itself.
func (n narrator) detail(list []parcel.Detail, f audit.Field) []parcel.Detail {
	name, value := f.Tag.String(), ""
	switch f.Tag {
	case audit.TagPolicy, audit.TagPolicyHash, audit.TagHash, audit.TagSignature, audit.TagControl, audit.TagActor, audit.TagApprover, audit.TagWarrant:
		return list // who of the staff acted is theirs, not the person's
	case audit.TagPurpose:
		value = n.purpose(policy.PurposeNo(f.Num()))
	case audit.TagRecipient:
		value = n.recipient(policy.RecipientNo(f.Num()))
	case audit.TagItem:
		value = n.item(policy.ItemNo(f.Num()))
	case audit.TagItems:
		var names []string
		for _, i := range f.Nums() {
			names = append(names, n.item(policy.ItemNo(i)))
		}
		value = strings.Join(names, ", ")
	case audit.TagClasses, audit.TagValues:
		var names []string
		for _, i := range f.Nums() {
			names = append(names, strconv.FormatUint(i, 10))
		}
		value = strings.Join(names, ", ")
	case audit.TagFrom, audit.TagUntil, audit.TagDue, audit.TagAt:
		value = f.Time().Format(time.RFC3339)
	default:
		value = plain(f)
	}
	return append(list, parcel.Detail{Name: name, Value: value})
}

// plain is a text or a number as it stands.
func plain(f audit.Field) string {
	switch f.Tag {
	case audit.TagCount, audit.TagStep, audit.TagEpoch, audit.TagPlanned, audit.TagDone, audit.TagAlready, audit.TagKept, audit.TagFirst,
		audit.TagLast, audit.TagEntry, audit.TagClass, audit.TagBucket, audit.TagSize, audit.TagOrder, audit.TagTurn, audit.TagValue:
		return strconv.FormatUint(f.Num(), 10)
	case audit.TagExplicit, audit.TagSeparate:
		return strconv.FormatBool(f.Flag())
	}
	return f.Text()
}

// kind says what an entry is about.
func (n narrator) kind(k audit.Kind) string {
	switch k {
	case audit.SubjectRegistered:
		return n.pick("You were registered", "您完成注册")
	case audit.IdentifierAdded:
		return n.pick("An identifier was added", "添加了标识符")
	case audit.Collected:
		return n.pick("Data was collected", "收集了数据")
	case audit.Refused:
		return n.pick("Data was refused", "拒绝收集数据")
	case audit.Used:
		return n.pick("Your data was used", "使用了您的数据")
	case audit.Denied:
		return n.pick("A use of your data was denied", "拒绝了一次对您数据的使用")
	case audit.Corrected:
		return n.pick("Data was corrected", "更正了数据")
	case audit.Disclosed:
		return n.pick("Data was given to a recipient", "向接收方提供了数据")
	case audit.Exported:
		return n.pick("Your data was read for a package", "为数据包读取了您的数据")
	case audit.Consented:
		return n.pick("You agreed", "您表示同意")
	case audit.Withdrawn:
		return n.pick("You withdrew consent", "您撤回了同意")
	case audit.Objected:
		return n.pick("You objected", "您提出反对")
	case audit.Restricted:
		return n.pick("Use of your data was restricted", "限制了对您数据的处理")
	case audit.RequestReceived:
		return n.pick("You made a request", "您提出了请求")
	case audit.RequestVerified:
		return n.pick("Your identity was verified", "核实了您的身份")
	case audit.Surveyed:
		return n.pick("The systems were asked what they hold about you", "查询了各系统持有的您的数据")
	case audit.Warranted:
		return n.pick("Leave was given for a step of your request", "为您请求的一个步骤授予了权限")
	case audit.Planned:
		return n.pick("Your request was planned", "制定了您请求的方案")
	case audit.Approved:
		return n.pick("Your request was approved", "批准了您的请求")
	case audit.Delivered:
		return n.pick("Your request was delivered", "交付了您的请求")
	case audit.AccountClosed:
		return n.pick("Your account was closed", "您的账户已关闭")
	}
	return k.String()
}
