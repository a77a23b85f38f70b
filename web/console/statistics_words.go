package console

import "github.com/avow-dev/avow/page"

// countWords are the texts about statistics in one language. Texts with % take what
// their comment says.
type countWords struct {
	Statistics, Intro, Sets, SetsHint, NoSets, NoSetsHint, Set, Of, Purpose, By, Every, Leaves, Stays, Releases, ReleasesHint, NoReleases, NoReleasesHint string
	Release, To, State, Waits, Out, Refused, RefusedHint                                                                                                  string

	// A set: counting it, and asking for a release.
	Count, CountHint, From, FromHint, Until, UntilHint, Table, Total, Hidden, HiddenN, NothingHidden, Zero, Propose, ProposeHint, ProposeNow string // HiddenN: cells, smallest group
	Audience, Organisation, OrganisationHint, CSV, CSVHint, Sure, StaysHint, BadTo                                                           string // Sure: purpose

	// A release.
	Span, Asked, Approved, Nobody, Check, Lines, Smallest, Attacked, Elsewhere, Fingerprint, Download, Approve, ApproveHint, ApproveSure, Yours, NotYours string

	splits, audiences, whys, flashes map[string]string
}

func countWordsIn(lang string) *countWords {
	if page.Chinese(lang) {
		return countChinese()
	}
	return countEnglish()
}

// SplitName names how long a period is.
func (k *countWords) SplitName(code string) string { return k.splits[code] }

// AudienceName names who counts go to.
func (k *countWords) AudienceName(code string) string { return k.audiences[code] }

// WhyName says why counts may not leave.
func (k *countWords) WhyName(code string) string { return k.whys[code] }

func countEnglish() *countWords {
	return &countWords{
		Statistics: "Statistics", Intro: "How many people something is true of: counted without reading a value, hidden where it is about too few, and let out by two.",
		Sets: "What can be counted", SetsHint: "The sets of the policy in force. No other count is made.", NoSets: "The policy counts nothing", NoSetsHint: "To have counts, write the sets under statistics into the policy file, with items, purpose and smallest group, and publish it.",
		Set: "Set", Of: "Counted", Purpose: "Purpose", By: "Split by", Every: "Made every", Leaves: "may leave", Stays: "stays here", Releases: "Releases",
		ReleasesHint: "What left, or waits to: to whom, for what, and the check it passed.", NoReleases: "Nothing was let out yet", NoReleasesHint: "Open a set above to count it and to ask for a release.",
		Release: "Release", To: "To", State: "State", Waits: "waits for a colleague", Out: "left", Refused: "Nothing leaves", RefusedHint: "The policy or the check says no. The refusal stands in the log.",
		Count: "Count people", CountHint: "For the controller’s own eyes. That it was counted stands in the log; the table is kept nowhere.", From: "First day", FromHint: "Empty: twelve periods back.", Until: "Last day",
		UntilHint: "Empty: today.", Table: "The count", Total: "all", Hidden: "hidden", HiddenN: "%d hidden: about fewer than %d people, or they would give those away.", NothingHidden: "Nothing had to be hidden.", Zero: "Nobody is counted: nobody has any of it on record from these days, or the purpose stands in nobody.",
		Propose: "Ask for a release", ProposeHint: "The set is counted and checked; a colleague whose role approves lets it leave.", ProposeNow: "The set is counted and checked, and leaves at once: the policy asks for nobody’s approval.",
		Audience: "Who gets it", Organisation: "The organisation", OrganisationHint: "Its name; needed unless it is for the public or a recipient of the policy.", CSV: "A table made elsewhere",
		CSVHint: "CSV with a head line and a column people; instead of a count. It is refused when a line is about too few, or a column about one person.", Sure: "Yes: for the purpose “%s” and no other",
		StaysHint: "The policy does not let this set leave. It can be counted here.", BadTo: "Choose who gets it.",
		Span: "Days", Asked: "Asked for", Approved: "Let out by", Nobody: "nobody had to approve", Check: "The check", Lines: "Lines", Smallest: "Smallest group", Attacked: "Hidden cells were tried to be computed from totals, in vain.",
		Elsewhere: "Made elsewhere, and checked here.", Fingerprint: "Fingerprint", Download: "Download it as it left", Approve: "Let it leave", ApproveHint: "What has left cannot be called back. The table is this one, by its fingerprint.",
		ApproveSure: "Yes: I have looked at the table, and it may leave", Yours: "You asked for it: a colleague whose role approves lets it leave.", NotYours: "A colleague whose role approves lets it leave.",
		splits:    map[string]string{"day": "day", "week": "week", "month": "month", "year": "year", "all": "everything at once"},
		audiences: map[string]string{"public": "the public", "partners": "partners", "affiliates": "affiliates", "processor": "a processor"},
		whys: map[string]string{
			"statistics.not-shared": "The set stays with the controller.", "statistics.audience": "Not for them.", "statistics.purpose": "Another purpose.", "statistics.check": "The check failed.",
			"statistics.approval": "Somebody else approves.",
		},
		flashes: map[string]string{
			"statistics-proposed": "Checked and written down. It waits for a colleague’s approval.", "statistics-released": "It has left.",
		},
	}
}

func countChinese() *countWords {
	return &countWords{
		Statistics: "统计", Intro: "某情形涉及多少人：不读取任何值，人数过少处隐去，由两人放行。",
		Sets: "可统计的内容", SetsHint: "现行政策所列的统计项。此外不作任何统计。", NoSets: "政策未设统计项", NoSetsHint: "如需统计，请在政策文件 statistics 中写明统计项、信息、目的和最小人数，并发布。",
		Set: "统计项", Of: "统计内容", Purpose: "目的", By: "划分", Every: "周期", Leaves: "可对外提供", Stays: "仅内部使用", Releases: "对外提供记录",
		ReleasesHint: "已提供或待放行的统计：提供给谁、用途及所通过的检查。", NoReleases: "尚未对外提供任何统计", NoReleasesHint: "打开上方的统计项即可统计并申请提供。",
		Release: "统计提供", To: "接收方", State: "状态", Waits: "待同事放行", Out: "已提供", Refused: "未予提供", RefusedHint: "政策或检查不允许。此次拒绝已记入日志。",
		Count: "统计人数", CountHint: "仅供内部查看。统计行为记入日志，结果不保存。", From: "起始日", FromHint: "留空：向前十二个周期。", Until: "截止日",
		UntilHint: "留空：至今日。", Table: "统计结果", Total: "合计", Hidden: "已隐去", HiddenN: "隐去 %d 处：涉及不足 %d 人，或可据以推算。", NothingHidden: "无须隐去。", Zero: "无人计入：期间内无人留有相关信息，或该目的对任何人均不成立。",
		Propose: "申请对外提供", ProposeHint: "统计并检查后，由有审批权的同事放行。", ProposeNow: "统计并检查后立即提供：政策不要求审批。",
		Audience: "提供给", Organisation: "机构名称", OrganisationHint: "面向公众或政策所列接收方时可不填。", CSV: "他处制作的表格",
		CSVHint: "带表头的 CSV，须有人数列，用以代替统计。某行人数过少、或某列涉及个人的，一律拒绝。", Sure: "确认：仅用于“%s”",
		StaysHint: "政策不允许对外提供此项，可在此统计。", BadTo: "请选择提供对象。",
		Span: "期间", Asked: "申请", Approved: "放行人", Nobody: "无须审批", Check: "检查", Lines: "行数", Smallest: "最小人数", Attacked: "已尝试由合计推算隐去处，未能得出。",
		Elsewhere: "他处制作，在此检查。", Fingerprint: "指纹", Download: "下载所提供的表格", Approve: "放行", ApproveHint: "提供后无法收回。以指纹确认的即为此表。",
		ApproveSure: "确认：我已查看此表，可以对外提供", Yours: "由您申请：须由有审批权的同事放行。", NotYours: "须由有审批权的同事放行。",
		splits:    map[string]string{"day": "日", "week": "周", "month": "月", "year": "年", "all": "不划分"},
		audiences: map[string]string{"public": "公众", "partners": "合作方", "affiliates": "关联公司", "processor": "受托方"},
		whys: map[string]string{
			"statistics.not-shared": "此项仅供内部使用。", "statistics.audience": "不可提供给该对象。", "statistics.purpose": "目的不符。", "statistics.check": "未通过检查。",
			"statistics.approval": "须由他人放行。",
		},
		flashes: map[string]string{
			"statistics-proposed": "已检查并登记，等待同事放行。", "statistics-released": "已对外提供。",
		},
	}
}
