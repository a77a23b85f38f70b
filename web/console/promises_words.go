package console

import (
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/promise"
)

// boardWords are the texts of the board in one language. Texts with % take what
// their comment says.
type boardWords struct {
	Promises, Intro, Promise, Kept, None, NoneHint, All, Section, Control, State, Apply, Says, Place, Assumed string
	Evidence, Count, Checked, Last, Of, Watches, Scenarios, ScenariosHint, NoScenario, Proof, Through         string
	Duties, DutiesHint, Duty, Every, Due, LastSigned, Owner, Sign, SignHint, Note, Hash, HashHint, Ends       string
	Signed, NeedNote, BadHash, Nobody, AssumedYear, Until, NotYet                                             string
	People, PeopleHint, Colleague, SignFor, SignForHint                                                       string

	states, hints map[promise.State]string
	whys          map[promise.Why]string
	keepers       map[string]string
	duties        map[string]string
	pledges       map[string]string
}

func boardWordsIn(lang string) *boardWords {
	if page.Chinese(lang) {
		return boardChinese()
	}
	return boardEnglish()
}

// StateName names a state.
func (t *boardWords) StateName(s promise.State) string { return t.states[s] }

// Hint says what a state means.
func (t *boardWords) Hint(s promise.State) string { return t.hints[s] }

// WhyName says why something does not stand as it should.
func (t *boardWords) WhyName(w promise.Why) string { return t.whys[w] }

// Keeper says what keeps a control.
func (t *boardWords) Keeper(k string) string { return t.keepers[k] }

// Pledge names what is asked of each colleague.
func (t *boardWords) Pledge(duty string) string { return t.pledges[duty] }

// DutyState names how a duty stands.
func (t *boardWords) DutyState(s string) string { return t.duties[s] }

func boardEnglish() *boardWords {
	return &boardWords{
		Promises: "Promises", Intro: "Every sentence of the policy, what keeps it, and what that has left in the log.", Promise: "Promise",
		Kept: "What keeps it", None: "No promise stands like this", NoneHint: "Choose another state, section or control.", All: "all", Section: "Section",
		Control: "Control", State: "State", Apply: "Show", Says: "What the policy says", Place: "Place in the policy",
		Assumed: "The text leaves this open; the policy says what holds, and why.", Evidence: "Evidence", Count: "entries of its own",
		Checked: "acts in which it was looked at", Last: "Last entry", Of: "of", Watches: "What it watches", Scenarios: "Scenarios",
		ScenariosHint: "Scripts that prove it through the public doors, run with every release.", NoScenario: "No scenario proves it yet.",
		Proof: "See the entry and its proof", Through: "in entries of", Duties: "Duties of people",
		DutiesHint: "What no program can do. Sign that it was done; the signature holds until it ends.", Duty: "Duty", Every: "Every", Due: "Due",
		LastSigned: "Last signed", Owner: "Owner", Sign: "Sign", SignHint: "You sign with your name that it was done. Name nobody else in the note.",
		Note: "What was done", Hash: "SHA-256 of the file that shows it", HashHint: "64 hexadecimal digits; may be left out. Keep the file.",
		Ends: "Ends sooner, on", Signed: "Signed.", NeedNote: "Say what was done, or give the hash of a file.",
		BadHash: "A SHA-256 has 64 hexadecimal digits.", Nobody: "nobody yet", AssumedYear: "assumed", Until: "holds until", NotYet: "not yet",
		People: "Colleagues", PeopleHint: "What the policy asks of each of them before they see personal data. Whose time is over sees nothing until it is signed.",
		Colleague: "Colleague", SignFor: "Sign for a colleague", SignForHint: "You sign with your name that they did it. Name nobody else in the note.",
		pledges: map[string]string{"staff-training": "training", "staff-undertaking": "undertaking"},
		states: map[promise.State]string{
			promise.Broken: "broken", promise.Overdue: "attestation overdue", promise.AtRisk: "at risk", promise.NotBuilt: "not built",
			promise.Unproven: "unproven", promise.Attested: "attested", promise.Kept: "kept",
		},
		hints: map[promise.State]string{
			promise.Broken: "A clock ran out, or the log does not fit its signed root.", promise.Overdue: "Somebody must do, and sign, what comes round.",
			promise.AtRisk: "A clock or a signature is near its end, or work has failed.", promise.NotBuilt: "A control of this sentence has no code yet.",
			promise.Unproven: "Nothing has happened yet that could show it.", promise.Attested: "Somebody signed that it is done, and the signature holds.",
			promise.Kept: "The log has entries that show it.",
		},
		whys: map[promise.Why]string{
			promise.IsLate: "A clock ran out.", promise.DueSoon: "A clock runs out soon.", promise.NoArchive: "An archive that was due was not written.", promise.WasMissed: "A deadline was missed.", promise.SiteWrong: "A check of the site found what the policy does not declare.",
			promise.Outlived: "Values stand that should be gone.", promise.GivenUp: "Work failed too often and waits for somebody.",
			promise.Damaged: "The log does not fit its signed root: verify it.", promise.Lags: "Entries wait too long for their place.",
			promise.SignSoon: "It must be signed again soon.", promise.SignLate: "It was due and is not signed.",
			promise.NoDuty: "The policy asks nobody for it.",
		},
		keepers: map[string]string{"code": "kept by code", "people": "kept by people", "not-built": "not built"},
		duties:  map[string]string{"waiting": "not due yet", "attested": "attested", "due-soon": "due soon", "overdue": "overdue"},
	}
}

func boardChinese() *boardWords {
	return &boardWords{
		Promises: "承诺", Intro: "政策的每一句承诺、其保障措施，以及日志中的证据。", Promise: "承诺",
		Kept: "保障措施", None: "没有处于此状态的承诺", NoneHint: "请选择其他状态、章节或控制。", All: "全部", Section: "章节",
		Control: "控制", State: "状态", Apply: "显示", Says: "政策所述", Place: "政策文件位置",
		Assumed: "原文未写明；政策补充了内容并说明理由。", Evidence: "证据", Count: "条自身记录",
		Checked: "次经其核对的操作", Last: "最近记录", Of: "共", Watches: "监督内容", Scenarios: "验证场景",
		ScenariosHint: "通过公开入口验证承诺的脚本，每次发布均运行。", NoScenario: "尚无验证场景。",
		Proof: "查看记录及其证明", Through: "见于", Duties: "人员职责",
		DutiesHint: "程序无法完成的事项。完成后签署，签署至期满有效。", Duty: "职责", Every: "周期", Due: "到期",
		LastSigned: "最近签署", Owner: "负责人", Sign: "签署", SignHint: "您以本人名义签署已完成。备注中请勿提及他人。",
		Note: "完成内容", Hash: "证明文件的 SHA-256", HashHint: "64位十六进制数，可不填。请保存文件。",
		Ends: "提前到期日", Signed: "已签署。", NeedNote: "请说明完成内容，或填写文件哈希。",
		BadHash: "SHA-256 为64位十六进制数。", Nobody: "尚无", AssumedYear: "推定", Until: "有效期至", NotYet: "尚未",
		People: "人员", PeopleHint: "政策要求每位人员在接触个人信息前完成的事项。到期未续者在签署前不能查看任何信息。",
		Colleague: "人员", SignFor: "为同事签署", SignForHint: "您以本人名义签署其已完成。备注中请勿提及他人。",
		pledges: map[string]string{"staff-training": "培训", "staff-undertaking": "保密承诺"},
		states: map[promise.State]string{
			promise.Broken: "已违反", promise.Overdue: "签署逾期", promise.AtRisk: "有风险", promise.NotBuilt: "未建成",
			promise.Unproven: "尚无证据", promise.Attested: "已签署", promise.Kept: "已履行",
		},
		hints: map[promise.State]string{
			promise.Broken: "期限已过，或日志与其签名根不符。", promise.Overdue: "须有人完成并签署定期事项。",
			promise.AtRisk: "期限或签署即将届满，或作业失败。", promise.NotBuilt: "其中一项控制尚无程序。",
			promise.Unproven: "尚未发生可作证明的事项。", promise.Attested: "已有人签署完成，且签署有效。",
			promise.Kept: "日志中有证明其履行的记录。",
		},
		whys: map[promise.Why]string{
			promise.IsLate: "有时限已逾期。", promise.DueSoon: "有时限即将届满。", promise.NoArchive: "到期的备份尚未完成。", promise.WasMissed: "曾错过期限。", promise.SiteWrong: "网站检查发现政策未声明的内容。",
			promise.Outlived: "有应删除而未删除的信息。", promise.GivenUp: "作业多次失败，等待处理。",
			promise.Damaged: "日志与其签名根不符，请核验。", promise.Lags: "记录等待入序过久。",
			promise.SignSoon: "即将须再次签署。", promise.SignLate: "已到期而未签署。",
			promise.NoDuty: "政策未指定该职责。",
		},
		keepers: map[string]string{"code": "由程序保障", "people": "由人员保障", "not-built": "未建成"},
		duties:  map[string]string{"waiting": "未到期", "attested": "已签署", "due-soon": "即将到期", "overdue": "已逾期"},
	}
}
