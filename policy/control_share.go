package policy

// shareControls are the controls over consent, minors, sharing and keeping.
func shareControls() []controlRow {
	return []controlRow{
		{
			id: ConsentRecord, by: ByCode,
			en: "Consent is a recorded act, never implied", zh: "同意须为有记录的行为，不得推定",
			sees: "A consent is an act of the person, kept with its time and version.", seesZH: "同意是本人的行为，连同时间与版本一并保存。",
		},
		{
			id: ConsentExplicit, by: ByCode, through: []Control{UseDecision},
			en: "Explicit consent is an act of its own", zh: "单独同意须以单独的行为作出",
			sees: "Where the policy asks for it, a general yes does not serve.", seesZH: "须单独同意的，概括同意无效。",
		},
		{
			id: ConsentWithdrawal, by: ByCode,
			en: "Withdrawal stops the next use", zh: "撤回同意后立即停止使用",
			sees: "The person's version moves with the withdrawal, and open decisions fail.", seesZH: "撤回即更新状态，未完成的判定随之失效。",
		},
		{
			id: ConsentDeclined, by: ByCode,
			en: "Who declines leaves nothing behind", zh: "拒绝者不留下任何信息",
			sees: "A refusal ends the visit; nothing but the refusal is kept.", seesZH: "拒绝即结束访问，仅保存拒绝本身。",
		},
		{
			id: ObjectionHonoured, by: ByCode,
			en: "Objections and opt-outs are honoured", zh: "反对与退出得到尊重",
			sees: "A purpose the person objected to or left is denied from then on.", seesZH: "本人反对或退出的目的此后一律拒绝。",
		},
		{
			id: WithdrawalErases, by: ByCode,
			en: "What rested on a withdrawn consent alone is erased", zh: "仅基于已撤回同意的信息予以删除",
			sees: "A withdrawal offers erasure of what no other ground holds.", seesZH: "撤回后可删除无其他依据的信息。",
		},
		{
			id: GuardianConsent, by: ByCode,
			en: "A guardian's consent is recorded before a minor's data", zh: "先记录监护人同意，再处理未成年人信息",
			sees: "Uses and collection of a minor's data wait for the guardian's yes.", seesZH: "未成年人信息须待监护人同意。",
		},
		{
			id: MinorNoProof, by: ByCode, through: []Control{PolicyVersion},
			en: "No proof of age is asked for or kept", zh: "不要求也不保存年龄证明",
			sees: "Items of identity papers are not declared, and their numbers are refused.", seesZH: "不声明证件信息，证件号码一律拒收。",
		},
		{
			id: MinorDeclared, by: ByCode,
			en: "People say whether they are of age before they begin", zh: "使用前声明是否成年",
			sees: "The declaration is recorded, and nothing more than it.", seesZH: "仅记录声明本身。",
		},
		{
			id: MinorErased, by: ByCode,
			en: "A minor's data that came in unseen is erased in time", zh: "误收的未成年人信息按期删除",
			sees: "The clock runs from the discovery to the receipt of erasure.", seesZH: "自发现之日起计时至删除回执。",
		},
		{
			id: MinorReported, by: ByCode,
			en: "A guardian's report freezes the data at once", zh: "监护人举报后立即冻结信息",
			sees: "The report opens a case, checks the guardian and restricts the data.", seesZH: "举报立案、核实监护人并限制处理。",
		},
		{
			id: MinorUploaded, by: ByCode,
			en: "Who gives a minor's data attests the guardian's leave", zh: "提供未成年人信息须声明已获监护人授权",
			sees: "Such a value without the attestation is refused.", seesZH: "未附声明的信息一律拒收。",
		},
		{
			id: ShareRecipient, by: ByCode, through: []Control{ShareLedger},
			en: "A recipient gets only its own items for its own purposes", zh: "接收方仅获得其声明的信息和目的",
			sees: "Each disclosure is compared with what the policy declares for the recipient.", seesZH: "每次提供均与政策对接收方的声明核对。",
		},
		{
			id: ShareAgreement, by: ByCode,
			en: "Data goes out only under an agreement in force", zh: "仅在协议有效期内对外提供",
			sees: "Without a signed, unexpired agreement a disclosure is denied.", seesZH: "没有有效协议的提供一律拒绝。",
		},
		{
			id: ShareConsent, by: ByCode, through: []Control{ShareLedger},
			en: "Another controller gets data only with separate consent", zh: "向其他处理者提供须经单独同意",
			sees: "Consent names the recipient, and ends with its withdrawal.", seesZH: "同意须指明接收方，撤回即止。",
		},
		{
			id: ShareScenario, by: ByCode, through: []Control{ShareLedger},
			en: "Data is shared only in the declared cases", zh: "仅在声明的情形下共享",
			sees: "Each disclosure names its case; a case outside the list is denied.", seesZH: "每次提供注明情形，清单以外一律拒绝。",
		},
		{
			id: ShareInstrument, by: ByCode, through: []Control{ShareLedger},
			en: "An authority gets data only on a named instrument", zh: "仅依指明的法律文书向机关提供",
			sees: "A legal disclosure without its law, order or request is denied.", seesZH: "未注明法律、命令或要求的提供一律拒绝。",
		},
		{
			id: ShareInterest, by: ByCode, through: []Control{ShareLedger},
			en: "A protective disclosure names the interest it serves", zh: "保护性提供须注明所保护的权益",
			sees: "A disclosure to protect somebody is denied without the interest.", seesZH: "未注明权益的保护性提供一律拒绝。",
		},
		{
			id: ShareSale, by: ByCode, through: []Control{UseDecision},
			en: "Personal data is not sold", zh: "不出售个人信息",
			sees: "A use marked as sale, rental or trade is denied.", seesZH: "标记为出售、出租或交易的使用一律拒绝。",
		},
		{
			id: ShareLedger, by: ByCode,
			en: "Every disclosure stands in the ledger", zh: "每次对外提供均登记在册",
			sees: "What went to whom, for what and on which ground is committed with the use.", seesZH: "提供的对象、内容、目的与依据随使用一并登记。",
		},
		{
			id: ShareApproval, by: ByCode,
			en: "What goes out by order was approved by somebody with authority", zh: "依命令提供的信息须经有权人员批准",
			sees: "Without a recorded approval of these items for this recipient and order, a disclosure is denied.", seesZH: "未就所涉信息、接收方与文书登记批准的提供一律拒绝。",
		},
		{
			id: ShareNeed, by: ByCode, through: []Control{ShareLedger},
			en: "A disclosure names the service or dispute that needs it", zh: "提供须注明所需的服务或争议",
			sees: "A disclosure without the clause, necessity, finding, request or ticket that the policy asks for is denied.", seesZH: "未注明政策要求的条款、必要性、认定、请求或工单的提供一律拒绝。",
		},
		{
			id: ShareCounterparty, by: ByCode,
			en: "The other side of a trade sees only what the trade needs", zh: "交易对方仅见交易所需信息",
			sees: "Before an order nothing is shown; after it, contact and address.", seesZH: "成交前不展示，成交后仅展示联系方式与地址。",
		},
		{
			id: ShareDesensitised, by: ByCode,
			en: "Sensitive data goes out masked and encrypted", zh: "敏感信息脱敏加密后提供",
			sees: "The payload is transformed as the policy says before it leaves.", seesZH: "提供前按政策对内容进行处理。",
		},
		{
			id: ShareInstructions, by: ByCode,
			en: "Recipients accept instructions and the policy in force", zh: "接收方接受处理指示与现行政策",
			sees: "Each recipient's acceptance of each version is kept.", seesZH: "保存接收方对每个版本的接受记录。",
		},
		{
			id: ShareTransfer, by: ByCode,
			en: "A merger or sale of the business moves data by a manifest", zh: "合并或资产转让按清单转移信息",
			sees: "The case names recipient, items, people and obligations accepted.", seesZH: "案卷列明接收方、信息、人员与承接的义务。",
		},
		{
			id: ShareTransferTold, by: ByCode,
			en: "People are told before their data moves to a successor", zh: "转移前告知本人",
			sees: "The transfer waits until everyone affected has been told.", seesZH: "告知全部相关人后方可转移。",
		},
		{
			id: TransferAbroad, by: ByCode, through: []Control{ShareLedger},
			en: "Data goes abroad only by law or explicit consent", zh: "仅依法或经明示同意出境",
			sees: "The recipient's country is compared with where data may be.", seesZH: "核对接收方所在国家与允许的地域。",
		},
		{
			id: RecipientQualified, by: ByCode,
			en: "A processor is activated only after review and assessment", zh: "处理者经资质审查与安全评估后启用",
			sees: "Two dated assessments stand before the first disclosure.", seesZH: "首次提供前须有两项注明日期的评估。",
		},
		{
			id: RecipientStopped, by: ByCode,
			en: "A processor that failed its audit gets nothing", zh: "审计未通过的处理者不再获得信息",
			sees: "A failed audit suspends every flow to the processor.", seesZH: "审计未通过即暂停全部提供。",
		},
		{
			id: RecipientTold, by: ByCode,
			en: "Recipients are told of corrections and restrictions", zh: "更正与限制告知接收方",
			sees: "A request waits until each recipient of the value was told, and says so for each.", seesZH: "逐一告知并记录后，请求方可继续。",
		},
		{
			id: RecipientLink, by: ByCode,
			en: "Links to recipients' own policies work", zh: "接收方政策链接有效",
			sees: "Each link is called at intervals and its answer kept.", seesZH: "定期访问链接并保存结果。",
		},
		{
			id: LinkExternal, by: ByCode,
			en: "Links that leave the policy's reach are marked", zh: "离开本政策范围的链接有标识",
			sees: "People are told before they leave, and nothing personal goes along.", seesZH: "离开前提示，且不携带个人信息。",
		},
		{
			id: RetentionDeclared, by: ByCode, through: []Control{PolicyVersion},
			en: "Every item has a retention", zh: "每项信息均有保存期限",
			sees: "A version with an item that has no period does not compile.", seesZH: "信息缺少保存期限的版本无法编译。",
		},
		{
			id: RetentionExpiry, by: ByCode,
			en: "What has ended is erased", zh: "到期的信息被删除",
			sees: "Values whose period has ended lose their keys.", seesZH: "期满信息的密钥被销毁。",
		},
		{
			id: RetentionClosed, by: ByCode,
			en: "A closed account's data is erased in time", zh: "注销后按期删除信息",
			sees: "The clock of the policy starts with the closing of the account.", seesZH: "自账号注销起按政策计时。",
		},
		{
			id: RetentionLaw, by: ByCode,
			en: "What a law keeps is kept for that law alone", zh: "依法留存的信息仅用于该法定目的",
			sees: "A hold names its provision and its end, and shuts out every other use.", seesZH: "留存须注明条款与期限，排除其他使用。",
		},
		{
			id: RetentionFixed, by: ByCode,
			en: "What has a fixed period is kept neither shorter nor longer", zh: "固定期限的信息不早删亦不晚删",
			sees: "An erasure before the end of a fixed period is refused.", seesZH: "固定期限届满前拒绝删除。",
		},
		{
			id: RetentionAnonymous, by: ByCode,
			en: "What is made anonymous cannot be linked back", zh: "匿名化信息不可复原",
			sees: "Kept records are searched for every identifier of the person.", seesZH: "对留存记录检索本人的全部标识。",
		},
	}
}
