package policy

// A Control is the id of something that keeps promises: code in avow, or a
// human attestation. Ids are stable: clauses, log entries and counters name
// them.
type Control string

// The controls.
const (
	CollectDeclared   Control = "collect.declared"
	CollectConsent    Control = "collect.consent"
	CollectSensitive  Control = "collect.sensitive"
	CollectType       Control = "collect.type"
	CollectNever      Control = "collect.never"
	CollectMinor      Control = "collect.minor"
	CollectSuppressed Control = "collect.suppressed"

	UseDecision   Control = "use.decision"
	UsePurpose    Control = "use.purpose"
	UseFunction   Control = "use.function"
	UseRole       Control = "use.role"
	UseMinor      Control = "use.minor"
	UseMasked     Control = "use.masked"
	UseRestricted Control = "use.restricted"
	UseRetention  Control = "use.retention"
	UseLog        Control = "use.log"

	ConsentRecord     Control = "consent.record"
	ConsentExplicit   Control = "consent.explicit"
	ConsentWithdrawal Control = "consent.withdrawal"
	ObjectionHonoured Control = "objection.honoured"
	GuardianConsent   Control = "minor.guardian"
	MinorNoProof      Control = "minor.no-age-proof"

	ShareRecipient Control = "share.recipient"
	ShareAgreement Control = "share.agreement"
	ShareConsent   Control = "share.consent"
	ShareScenario  Control = "share.scenario"
	ShareSale      Control = "share.sale"
	ShareLedger    Control = "share.ledger"
	TransferAbroad Control = "transfer.abroad"

	RetentionDeclared Control = "retention.declared"
	RetentionExpiry   Control = "retention.expiry"
	RetentionClosed   Control = "retention.account-closed"
	RetentionLaw      Control = "retention.law"

	RequestChannel       Control = "request.channel"
	RequestVerified      Control = "request.verified"
	RequestReply         Control = "request.reply"
	RequestApproval      Control = "request.approval"
	AccessPackage        Control = "access.package"
	RectificationApplied Control = "rectification.applied"
	RestrictionApplied   Control = "restriction.applied"
	AccountClosing       Control = "account.closing"

	ErasureDeadline Control = "erasure.deadline"
	ErasureComplete Control = "erasure.complete"
	ErasureVerified Control = "erasure.verified"
	ErasureBackups  Control = "erasure.backups"
	ErasureReceipt  Control = "erasure.receipt"

	AtRest         Control = "at-rest.encryption"
	KeysApart      Control = "keys.apart"
	SecretHashed   Control = "secret.verify-only"
	TamperEvident  Control = "log.tamper-evident"
	PolicyVersion  Control = "policy.version"
	PolicyLint     Control = "policy.lint"
	PolicyPublic   Control = "policy.stated"
	InventoryKnown Control = "inventory.declared"
)

// A ControlTitle is a control with what people call it.
type ControlTitle struct {
	ID    Control `json:"id"`
	Title Text    `json:"title"`
}

// Controls lists every control, in the order of a value's life.
func Controls() []ControlTitle {
	rows := controlRows()
	out := make([]ControlTitle, len(rows))
	for i, r := range rows {
		out[i] = ControlTitle{r.id, Text{words: []words{{"en", r.en}, {"zh-CN", r.zh}}}}
	}
	return out
}

type controlRow struct {
	id     Control
	en, zh string
}

func controlRows() []controlRow {
	return []controlRow{
		{InventoryKnown, "Every kind of personal data is declared, with its source", "每一类个人信息及其来源均已声明"},
		{CollectDeclared, "Only declared items come in, at declared points", "仅在声明的收集点收集已声明的信息"},
		{CollectConsent, "Nothing is collected before there is a ground for it", "没有合法依据之前不收集任何信息"},
		{CollectSensitive, "Sensitive items come in only by the person's own act", "敏感信息仅在本人主动提供时收集"},
		{CollectType, "Values are of the declared type", "信息内容符合声明的类型"},
		{CollectNever, "What is never collected is refused, wherever it is written", "声明永不收集的信息一律拒收"},
		{CollectMinor, "People under age give data only as the policy allows", "未成年人信息仅按政策规定收集"},
		{CollectSuppressed, "Who is on the suppression list is not collected again", "列入屏蔽名单者不再被收集"},
		{UseDecision, "Every use is decided by the policy in force", "每次使用均由现行政策判定"},
		{UsePurpose, "Items are used only for their purposes", "信息仅用于声明的目的"},
		{UseFunction, "A purpose is served only in its own functions", "目的仅限于对应的业务功能"},
		{UseRole, "Staff act only for the purposes of their role", "员工仅可为其角色对应的目的使用信息"},
		{UseMinor, "Data of people under age is used only as the policy allows", "未成年人信息仅按政策规定使用"},
		{UseMasked, "Staff see masked values", "员工看到的是脱敏信息"},
		{UseRestricted, "Restricted data is kept and not used", "被限制处理的信息只存不用"},
		{UseRetention, "Nothing is used past its retention", "超过保存期限的信息不再使用"},
		{UseLog, "Every answer is in the log before it is given", "每次使用先记录后应答"},
		{ConsentRecord, "Consent is a recorded act, never implied", "同意须为有记录的行为，不得推定"},
		{ConsentExplicit, "Explicit consent is an act of its own", "单独同意须以单独的行为作出"},
		{ConsentWithdrawal, "Withdrawal stops the next use", "撤回同意后立即停止使用"},
		{ObjectionHonoured, "Objections and opt-outs are honoured", "反对与退出得到尊重"},
		{GuardianConsent, "A guardian's consent is recorded before a minor's data", "先记录监护人同意，再处理未成年人信息"},
		{MinorNoProof, "No proof of age is asked for or kept", "不要求也不保存年龄证明"},
		{ShareRecipient, "A recipient gets only its own items for its own purposes", "接收方仅获得其声明的信息和目的"},
		{ShareAgreement, "Data goes out only under an agreement in force", "仅在协议有效期内对外提供"},
		{ShareConsent, "Another controller gets data only with separate consent", "向其他处理者提供须经单独同意"},
		{ShareScenario, "Data is shared only in the declared cases", "仅在声明的情形下共享"},
		{ShareSale, "Personal data is not sold", "不出售个人信息"},
		{ShareLedger, "Every disclosure stands in the ledger", "每次对外提供均登记在册"},
		{TransferAbroad, "Data goes abroad only by law or explicit consent", "仅依法或经明示同意出境"},
		{RetentionDeclared, "Every item has a retention", "每项信息均有保存期限"},
		{RetentionExpiry, "What has ended is erased", "到期的信息被删除"},
		{RetentionClosed, "A closed account's data is erased in time", "注销后按期删除信息"},
		{RetentionLaw, "What a law keeps is kept for that law alone", "依法留存的信息仅用于该法定目的"},
		{RequestChannel, "Requests are taken on every published channel", "各公布渠道均受理请求"},
		{RequestVerified, "Who asks is verified first", "受理前先核实身份"},
		{RequestReply, "Requests are answered in time", "按期答复请求"},
		{RequestApproval, "Who approves is not who asked", "审批人与申请人分离"},
		{AccessPackage, "People get every value held about them, and nobody else's", "本人可获取其全部信息且仅限本人信息"},
		{RectificationApplied, "Corrections take effect at once", "更正立即生效"},
		{RestrictionApplied, "Restriction takes effect at once", "限制处理立即生效"},
		{AccountClosing, "Closing an account stops every service", "注销账号即停止全部服务"},
		{ErasureDeadline, "Erasure is carried out in time", "按期完成删除"},
		{ErasureComplete, "Erasure reaches every system", "删除覆盖所有系统"},
		{ErasureVerified, "Erasure is checked by an independent search", "以独立检索核验删除结果"},
		{ErasureBackups, "Backups cannot bring erased data back", "备份不能恢复已删除的信息"},
		{ErasureReceipt, "Erasure leaves a receipt that can be verified offline", "删除回执可离线验证"},
		{AtRest, "Values are encrypted at rest", "信息加密存储"},
		{KeysApart, "Keys are kept apart from the data", "密钥与数据分离保存"},
		{SecretHashed, "Passwords can be checked and not read", "密码只可校验不可读取"},
		{TamperEvident, "The log shows any change to it", "日志的任何改动均可被发现"},
		{PolicyVersion, "Every decision names its policy version", "每项判定均注明政策版本"},
		{PolicyLint, "Defects of the policy text are found and named", "政策文本的缺陷会被发现并指出"},
		{PolicyPublic, "What the policy states is what the program knows", "政策所述即程序所知"},
	}
}
