package policy

// rightControls are the controls over requests, erasure and what people are told.
func rightControls() []controlRow {
	return []controlRow{
		{
			id: RequestChannel, by: ByCode,
			en: "Requests are taken on every published channel", zh: "各公布渠道均受理请求",
			sees: "A request keeps the channel it came by and joins one queue.", seesZH: "请求注明来源渠道并进入同一队列。",
		},
		{
			id: RequestVerified, by: ByCode,
			en: "Who asks is verified first", zh: "受理前先核实身份",
			sees: "Nothing is surveyed before the person proved an identifier.", seesZH: "核实标识之前不进行任何检索。",
		},
		{
			id: RequestReply, by: ByCode,
			en: "Requests are answered in time", zh: "按期答复请求",
			sees: "Each request has a due time, from the strictest of policy and laws.", seesZH: "每项请求的期限取政策与法律中最严者。",
		},
		{
			id: RequestApproval, by: ByCode,
			en: "Who approves is not who asked", zh: "审批人与申请人分离",
			sees: "A plan is approved by its hash, by somebody else.", seesZH: "由他人依哈希审批计划。",
		},
		{
			id: RequestRefusal, by: ByCode, through: []Control{RequestReply},
			en: "A refusal names its ground, and the person is told", zh: "拒绝须注明依据并告知本人",
			sees: "Each refused request keeps a ground of law or policy.", seesZH: "每项拒绝均保存其法律或政策依据。",
		},
		{
			id: RequestExtended, by: ByCode,
			en: "A late answer has a reason, and the person knows it", zh: "延期答复须有理由并告知",
			sees: "An extension is recorded and told before the first due time ends.", seesZH: "在原期限届满前记录并告知延期。",
		},
		{
			id: RequestEscalated, by: ByCode,
			en: "Who is not satisfied gets a second look", zh: "不满意者可申请复核",
			sees: "An escalation opens a case that has the first one in it.", seesZH: "复核立案并附原案。",
		},
		{
			id: AccessPackage, by: ByCode,
			en: "People get every value held about them, and nobody else's", zh: "本人可获取其全部信息且仅限本人信息",
			sees: "The package is put together from every system, with a schema and checksums.", seesZH: "资料包汇集各系统信息，并附格式与校验值。",
		},
		{
			id: RectificationApplied, by: ByCode,
			en: "Corrections take effect at once", zh: "更正立即生效",
			sees: "The old value's key dies with the act that stores the new one.", seesZH: "新值入库之时旧值密钥即被销毁。",
		},
		{
			id: RestrictionApplied, by: ByCode,
			en: "Restriction takes effect at once", zh: "限制处理立即生效",
			sees: "The restriction moves the person's version; the next use is denied.", seesZH: "限制即更新状态，后续使用一律拒绝。",
		},
		{
			id: AccountClosing, by: ByCode,
			en: "Closing an account stops every service", zh: "注销账号即停止全部服务",
			sees: "From the entry on, nothing rests on the contract any more.", seesZH: "自记录起，不再有任何基于合同的处理。",
		},
		{
			id: ComplaintRoute, by: ByCode,
			en: "People see which authority they can turn to", zh: "告知可投诉的主管机关",
			sees: "Each refusal and closure names the authority, and the case file can be taken along.", seesZH: "拒绝与结案均注明机关，案卷可导出。",
		},
		{
			id: LawsByPerson, by: ByCode,
			en: "Each person has the rights and clocks of their own law", zh: "按本人适用的法律确定权利与期限",
			sees: "Where a person lives and how old they are decides the rules.", seesZH: "依居住地与年龄确定适用规则。",
		},
		{
			id: ErasureDeadline, by: ByCode,
			en: "Erasure is carried out in time", zh: "按期完成删除",
			sees: "Each erasure is delivered before the due time that the policy sets.", seesZH: "每项删除均在政策期限内完成。",
		},
		{
			id: ErasureComplete, by: ByCode,
			en: "Erasure reaches every system", zh: "删除覆盖所有系统",
			sees: "Keys die, and the rows of every mapped system go.", seesZH: "销毁密钥并删除各系统中的记录。",
		},
		{
			id: ErasureVerified, by: ByCode,
			en: "Erasure is checked by an independent search", zh: "以独立检索核验删除结果",
			sees: "Systems are searched by the person's own values, not by what was deleted.", seesZH: "以本人信息而非删除清单检索各系统。",
		},
		{
			id: ErasureBackups, by: ByCode,
			en: "Backups cannot bring erased data back", zh: "备份不能恢复已删除的信息",
			sees: "A restore replays every erasure since the archive.", seesZH: "恢复时重新执行归档之后的全部删除。",
		},
		{
			id: ErasureReceipt, by: ByCode,
			en: "Erasure leaves a receipt that can be verified offline", zh: "删除回执可离线验证",
			sees: "The receipt's hash stands in the entry that closes the request.", seesZH: "回执哈希载于结案记录。",
		},
		{
			id: ContactCase, by: ByCode,
			en: "Every question becomes a case with an answer", zh: "每项咨询均立案并答复",
			sees: "Mail, calls and letters join one queue, by type and subject.", seesZH: "邮件、来电与信件按类型进入同一队列。",
		},
		{
			id: ContactReply, by: ByCode,
			en: "Questions are answered within the time stated", zh: "在公布的时限内答复咨询",
			sees: "Each case has its own clock, and a late one its reason.", seesZH: "每案计时，逾期注明理由。",
		},
		{
			id: NoticeClass, by: ByCode,
			en: "Messages say what class they are and why they were sent", zh: "消息注明类别与原因",
			sees: "Each message keeps its class, channel and reason.", seesZH: "每条消息保存类别、渠道与原因。",
		},
		{
			id: NoticeMarketing, by: ByCode,
			en: "Nobody who refused marketing gets any", zh: "拒绝营销者不再收到营销",
			sees: "Each send is decided person by person, and a suppressed one counted.", seesZH: "逐人判定发送，被屏蔽的予以计数。",
		},
		{
			id: Guidance, by: ByCode,
			en: "People are warned and guided where they decide", zh: "在作出决定处提示与指引",
			sees: "Reminders and help stand beside the act they are about.", seesZH: "提示与帮助紧邻相关操作。",
		},
		{
			id: ChangeClassified, by: ByCode,
			en: "Each change of the policy is classed and has its reason", zh: "政策变更均分级并注明原因",
			sees: "The difference of two versions is read from what they compile to.", seesZH: "由编译结果比较两个版本的差异。",
		},
		{
			id: ChangeNoticed, by: ByCode,
			en: "People are told of a major change before it takes effect", zh: "重大变更在生效前告知",
			sees: "A version waits until the notices of its change are out.", seesZH: "变更通知发出后版本方可生效。",
		},
		{
			id: RightsKept, by: ByCode,
			en: "Who did not agree to fewer rights keeps the old ones", zh: "未同意者保留原有权利",
			sees: "A weaker right binds only those who said yes to it.", seesZH: "减损的权利仅对明示同意者生效。",
		},
		{
			id: PolicyVersion, by: ByCode,
			en: "Every decision names its policy version", zh: "每项判定均注明政策版本",
			sees: "A version is named by the hash of its source; entries carry it.", seesZH: "版本以来源哈希命名并载于每条记录。",
		},
		{
			id: PolicyAcceptance, by: ByCode,
			en: "Who accepted which version, and when, is on record", zh: "记录何人何时接受何版本",
			sees: "An acceptance is an act of the person and names the version.", seesZH: "接受是本人的行为并注明版本。",
		},
		{
			id: PolicyHistory, by: ByCode, through: []Control{PolicyVersion},
			en: "Earlier versions stay readable", zh: "历史版本可供查阅",
			sees: "Each version that was in force is kept with its period.", seesZH: "保存每个曾生效的版本及其期间。",
		},
		{
			id: PolicyLint, by: ByCode, through: []Control{PolicyVersion},
			en: "Defects of the policy text are found and named", zh: "政策文本的缺陷会被发现并指出",
			sees: "Each version is read by the lint before it is published.", seesZH: "每个版本发布前均经检查。",
		},
		{
			id: PolicyPublic, by: ByCode, through: []Control{PolicyVersion},
			en: "What the policy states is what the program knows", zh: "政策所述即程序所知",
			sees: "Page, decision and clock come from one compiled object.", seesZH: "页面、判定与期限源自同一编译结果。",
		},
		{
			id: PolicyCoverage, by: ByCode, through: []Control{PolicyVersion},
			en: "Every sentence shows what keeps it, or that nothing does", zh: "每句承诺均显示其保障或缺失",
			sees: "The board joins each clause with its controls and their evidence.", seesZH: "看板将每个条款与其控制及证据关联。",
		},
		{
			id: PolicySurfaces, by: ByCode, through: []Control{UseDecision},
			en: "The policy holds on every surface that it names, and no other", zh: "政策适用于其列明的每个平台",
			sees: "A use on a surface that no version names is denied.", seesZH: "在未列明的平台上使用一律拒绝。",
		},
		{
			id: PolicyEffective, by: ByCode,
			en: "A version rules from its date, and not before", zh: "版本自生效之日起适用",
			sees: "A version without a date is refused; rules switch at that moment.", seesZH: "无生效日期的版本不予发布，规则于该时切换。",
		},
		{
			id: PolicyShown, by: ByCode,
			en: "The policy is shown before anything begins", zh: "首次使用前展示政策",
			sees: "The first event of a visit is the showing of the policy.", seesZH: "每次首访的第一个事件即为展示政策。",
		},
	}
}
