package policy

// dataControls are the controls over what comes in and what it is used for.
func dataControls() []controlRow {
	return []controlRow{
		{
			id: InventoryKnown, by: ByCode, through: []Control{PolicyVersion, CollectDeclared},
			en: "Every kind of personal data is declared, with its source", zh: "每一类个人信息及其来源均已声明",
			sees: "What is not in the policy's list of items has no place to be stored.", seesZH: "政策清单以外的信息无处存放。",
		},
		{
			id: GroundDeclared, by: ByCode, through: []Control{PolicyVersion},
			en: "Every purpose has a legal ground", zh: "每个目的均有合法依据",
			sees: "A version with a purpose that has no ground does not compile.", seesZH: "目的缺少合法依据的版本无法编译。",
		},
		{
			id: SensitiveDeclared, by: ByCode, through: []Control{PolicyVersion},
			en: "What could do harm is declared sensitive and treated so", zh: "可能造成损害的信息声明为敏感信息并从严处理",
			sees: "Sensitive items carry stricter rules of collection, consent and display.", seesZH: "敏感信息适用更严格的收集、同意与展示规则。",
		},
		{
			id: Necessity, by: ByCode, through: []Control{PolicyVersion},
			en: "Every item says why it is necessary", zh: "每项信息均说明其必要性",
			sees: "A version with an item that has no statement of need is refused.", seesZH: "缺少必要性说明的版本不予发布。",
		},
		{
			id: HarmTest, by: ByCode, through: []Control{PolicyVersion},
			en: "Sensitivity is decided by a recorded test of harm", zh: "敏感与否依有记录的损害评估确定",
			sees: "Each item records safety, reputation, health and discrimination.", seesZH: "逐项记录安全、名誉、健康与歧视风险。",
		},
		{
			id: SeveralPeople, by: ByCode,
			en: "Data about several people belongs to each of them", zh: "涉及多人的信息归属于每个人",
			sees: "An address book or a message is handled for everyone it is about.", seesZH: "通讯录与消息按其涉及的每个人处理。",
		},
		{
			id: ExcludedStated, by: ByCode, through: []Control{PolicyVersion},
			en: "What the policy does not cover is published as such", zh: "政策不适用的信息予以公示",
			sees: "Each excluded group names the rule that governs it instead.", seesZH: "每类排除的信息注明其适用的其他规则。",
		},
		{
			id: ExcludedRecorded, by: ByCode,
			en: "What lies outside the policy is on record where it says so", zh: "政策以外事项按声明留有记录",
			sees: "Each measure taken against a person leaves an entry.", seesZH: "对用户采取的每项措施均有记录。",
		},
		{
			id: PublicationLimited, by: ByCode,
			en: "Public registers show no more than the law demands", zh: "公示信息不超出法律要求",
			sees: "What is published of a person is compared with the fields the law lists.", seesZH: "公示字段与法律要求逐项比对。",
		},
		{
			id: CollectDeclared, by: ByCode,
			en: "Only declared items come in, at declared points", zh: "仅在声明的收集点收集已声明的信息",
			sees: "Each value is checked for its item, its collection point and its source.", seesZH: "逐项核对信息、收集点与来源。",
		},
		{
			id: CollectConsent, by: ByCode, through: []Control{CollectDeclared},
			en: "Nothing is collected before there is a ground for it", zh: "没有合法依据之前不收集任何信息",
			sees: "A value whose purposes all lack a ground for this person is refused.", seesZH: "对本人没有任何合法依据的信息一律拒收。",
		},
		{
			id: CollectSensitive, by: ByCode, through: []Control{CollectDeclared},
			en: "Sensitive items come in only by the person's own act", zh: "敏感信息仅在本人主动提供时收集",
			sees: "A sensitive value without a voluntary act is refused, however it arrives.", seesZH: "未经本人主动提供的敏感信息一律拒收。",
		},
		{
			id: CollectType, by: ByCode, through: []Control{CollectDeclared},
			en: "Values are of the declared type", zh: "信息内容符合声明的类型",
			sees: "Each value passes the check of its type before it is stored.", seesZH: "每项内容入库前均通过类型校验。",
		},
		{
			id: CollectNever, by: ByCode, through: []Control{CollectDeclared},
			en: "What is never collected is refused, wherever it is written", zh: "声明永不收集的信息一律拒收",
			sees: "Every text is searched for the patterns the policy rules out.", seesZH: "所有文本均检索政策禁止的内容。",
		},
		{
			id: CollectMinor, by: ByCode, through: []Control{CollectDeclared},
			en: "People under age give data only as the policy allows", zh: "未成年人信息仅按政策规定收集",
			sees: "The age band of the person is compared with the policy's rules for minors.", seesZH: "按政策的未成年人规则核对年龄段。",
		},
		{
			id: CollectSuppressed, by: ByCode,
			en: "Who is on the suppression list is not collected again", zh: "列入屏蔽名单者不再被收集",
			sees: "Identifiers are compared with the keyed list of those who refused.", seesZH: "标识与拒绝者的加密名单比对。",
		},
		{
			id: CollectOptional, by: ByCode, through: []Control{CollectDeclared},
			en: "What is not needed may be left out", zh: "非必需信息可不提供",
			sees: "No declared item is demanded of a person who leaves it out.", seesZH: "未提供的信息不影响登记。",
		},
		{
			id: CollectConsequence, by: ByCode,
			en: "Who leaves something out is told what will not work", zh: "不提供信息时告知受影响的功能",
			sees: "The services that need the missing item are named, and only they stop.", seesZH: "列明并仅停用需要该信息的服务。",
		},
		{
			id: CollectInUse, by: ByCode,
			en: "Observed data is taken only while the service is used", zh: "仅在使用服务期间自动收集",
			sees: "Each observed value names the session or service it was seen in.", seesZH: "每项自动收集的信息注明其会话或服务。",
		},
		{
			id: CollectScrubbed, by: ByCode,
			en: "What is observed is filtered before it is kept", zh: "自动收集的内容先过滤再保存",
			sees: "Free text of logs and links loses personal values before it is stored or sent.", seesZH: "日志与链接文本在保存或发送前去除个人信息。",
		},
		{
			id: CollectPartner, by: ByCode,
			en: "Data from partners comes in only with the person's authorisation", zh: "仅经本人授权从合作方获取信息",
			sees: "Each value from a partner names the partner and the authorisation.", seesZH: "合作方提供的信息注明来源与授权。",
		},
		{
			id: CollectPrecision, by: ByCode, through: []Control{CollectDeclared},
			en: "A place is no finer than declared", zh: "位置信息的精度不超过声明",
			sees: "A value finer than the declared precision is made coarser or refused.", seesZH: "精度超过声明的内容予以降低或拒收。",
		},
		{
			id: CollectOnDevice, by: ByCode, through: []Control{CollectDeclared},
			en: "What stays on the device is not taken from it", zh: "留存于设备的信息不上传",
			sees: "Recordings, files and lists of the device leave it only by their own agreement.", seesZH: "设备中的录像、文件与列表仅依单独协议上传。",
		},
		{
			id: PermissionAsked, by: ByCode,
			en: "A device permission is asked for where its function begins", zh: "在功能使用时申请设备权限",
			sees: "Each permission keeps when it was asked, in which function, and the answer.", seesZH: "记录每项权限的申请时间、功能与答复。",
		},
		{
			id: PermissionPaired, by: ByCode,
			en: "A permission serves only the function paired with it", zh: "权限仅用于对应的功能",
			sees: "A reading outside the function that the table pairs with it is denied.", seesZH: "超出对应功能的读取一律拒绝。",
		},
		{
			id: PermissionRevoked, by: ByCode,
			en: "A permission that is turned off ends its readings at once", zh: "关闭权限后立即停止读取",
			sees: "No reading follows the moment a permission was turned off.", seesZH: "关闭权限之后不再有任何读取。",
		},
		{
			id: DeviceBound, by: ByCode,
			en: "A device obeys only the account it is bound to", zh: "设备仅接受绑定账号的指令",
			sees: "Commands for a device that is unbound or somebody else's are denied.", seesZH: "对未绑定或他人设备的指令一律拒绝。",
		},
		{
			id: UseDecision, by: ByCode,
			en: "Every use is decided by the policy in force", zh: "每次使用均由现行政策判定",
			sees: "Each use of data is decided before it, and the decision stands in the log.", seesZH: "每次使用前作出判定并记入日志。",
		},
		{
			id: UsePurpose, by: ByCode, through: []Control{UseDecision},
			en: "Items are used only for their purposes", zh: "信息仅用于声明的目的",
			sees: "A use for a purpose that an item does not serve is denied.", seesZH: "超出信息目的的使用一律拒绝。",
		},
		{
			id: UseFunction, by: ByCode, through: []Control{UseDecision},
			en: "A purpose is served only in its own functions", zh: "目的仅限于对应的业务功能",
			sees: "A use names the function it serves, and another one is denied.", seesZH: "使用须注明功能，其他功能一律拒绝。",
		},
		{
			id: UseRole, by: ByCode, through: []Control{UseDecision},
			en: "Staff act only for the purposes of their role", zh: "员工仅可为其角色对应的目的使用信息",
			sees: "The role of who acts is compared with the purpose.", seesZH: "核对行为人的角色与目的。",
		},
		{
			id: UseReference, by: ByCode, through: []Control{UseDecision},
			en: "A use names the order, ticket or case behind it", zh: "使用须注明对应的订单、工单或案件",
			sees: "A use for a purpose that demands a reference is denied without one.", seesZH: "须注明依据而未注明的使用一律拒绝。",
		},
		{
			id: UseMinor, by: ByCode, through: []Control{UseDecision},
			en: "Data of people under age is used only as the policy allows", zh: "未成年人信息仅按政策规定使用",
			sees: "Uses of a minor's data are held against the purposes ruled out for them.", seesZH: "未成年人信息的使用须核对禁止的目的。",
		},
		{
			id: UseMasked, by: ByCode, through: []Control{UseDecision},
			en: "Staff see masked values", zh: "员工看到的是脱敏信息",
			sees: "A use carries the duty to mask, and the value leaves the vault masked.", seesZH: "使用附带脱敏义务，信息脱敏后方可提供。",
		},
		{
			id: UseRestricted, by: ByCode, through: []Control{UseDecision},
			en: "Restricted data is kept and not used", zh: "被限制处理的信息只存不用",
			sees: "Every use of a restricted person's data but their own rights is denied.", seesZH: "除本人行使权利外，被限制的信息一律不得使用。",
		},
		{
			id: UseRetention, by: ByCode, through: []Control{UseDecision},
			en: "Nothing is used past its retention", zh: "超过保存期限的信息不再使用",
			sees: "A value whose period has ended is not handed out, whether it was swept or not.", seesZH: "期满的信息无论是否已清除，均不再提供。",
		},
		{
			id: UseLog, by: ByCode, through: []Control{UseDecision},
			en: "Every answer is in the log before it is given", zh: "每次使用先记录后应答",
			sees: "The entry of a use is durable before the value leaves.", seesZH: "信息提供前，使用记录已持久保存。",
		},
		{
			id: UsePseudonymised, by: ByCode,
			en: "Values are linked by keyed hashes and not in clear", zh: "关联计算使用加密散列而非明文",
			sees: "A use for association gets the keyed hash of a value.", seesZH: "关联计算仅获得信息的加密散列。",
		},
		{
			id: UseLastDigits, by: ByCode,
			en: "Account numbers are shown by their last digits, to everybody", zh: "账号类信息对任何人仅展示末尾数字",
			sees: "No view shows more of such a number, whoever looks.", seesZH: "无论何人查看，均不展示更多内容。",
		},
		{
			id: UseResultKept, by: ByCode,
			en: "A check leaves its result, and its documents are not read again", zh: "核验保存结果，不重复读取证件",
			sees: "A second reading of the documents is denied while a result stands.", seesZH: "已有结果时再次读取证件一律拒绝。",
		},
		{
			id: UsePerTask, by: ByCode,
			en: "Staff are let in task by task, for a time", zh: "员工按任务限时授权",
			sees: "Each grant to a person of the staff has a reason and an end.", seesZH: "每次员工授权均有事由与期限。",
		},
		{
			id: StatisticsAggregate, by: ByCode, through: []Control{UseDecision},
			en: "What only counts never sees a person's values", zh: "统计目的不接触个人信息",
			sees: "A use of values for a purpose that only counts is denied.", seesZH: "仅用于统计的目的不得使用个人信息。",
		},
		{
			id: StatisticsSmall, by: ByCode,
			en: "No published cell is small enough to single a person out", zh: "公布的统计不含可识别个人的小单元",
			sees: "Cells under the threshold are suppressed before release.", seesZH: "低于阈值的单元在发布前隐去。",
		},
		{
			id: StatisticsReleased, by: ByCode,
			en: "Statistics leave only after a check of anonymity", zh: "统计数据经匿名校验后方可提供",
			sees: "Each release names its recipient, its purpose and the check it passed.", seesZH: "每次发布注明接收方、目的与校验结果。",
		},
		{
			id: CookieDeclared, by: ByCode,
			en: "Every cookie and store on a device is declared", zh: "每个 Cookie 与本地存储均已声明",
			sees: "The site is compared with the register; what is unknown is an error.", seesZH: "网站与登记表比对，未知项即为错误。",
		},
		{
			id: CookieChoice, by: ByCode,
			en: "Optional cookies are set only where they were accepted", zh: "非必要 Cookie 仅经接受后设置",
			sees: "The answer of each browser decides what it is sent.", seesZH: "按各浏览器的选择决定设置内容。",
		},
		{
			id: CookieWithheld, by: ByCode,
			en: "Who refuses cookies is neither shut out nor tracked otherwise", zh: "拒绝 Cookie 者不被拒绝服务亦不被替代跟踪",
			sees: "A browser without cookies gets every public page and no identifier.", seesZH: "无 Cookie 的浏览器可访问公开页面且不含标识。",
		},
		{
			id: CookiePurpose, by: ByCode,
			en: "A cookie is read only for the purpose it was declared for", zh: "Cookie 仅用于声明的目的",
			sees: "A reading of a cookie for another purpose is denied.", seesZH: "为其他目的读取 Cookie 一律拒绝。",
		},
		{
			id: CookieContent, by: ByCode,
			en: "A cookie holds only what is declared, for its own site", zh: "Cookie 仅含声明的内容且仅限本站",
			sees: "Values and attributes of cookies are compared with their declaration.", seesZH: "Cookie 的内容与属性须符合声明。",
		},
		{
			id: CookieTold, by: ByCode,
			en: "People are told what stops working without a cookie", zh: "告知停用 Cookie 影响的功能",
			sees: "The notice names the functions that depend on each cookie.", seesZH: "提示列明依赖每个 Cookie 的功能。",
		},
		{
			id: CookieCleared, by: ByCode,
			en: "Clearing cookies clears what depended on them", zh: "清除 Cookie 时一并清除相关记录",
			sees: "After clearing, nothing links the browser to what was kept before.", seesZH: "清除后浏览器与原记录不再关联。",
		},
		{
			id: BeaconDeclared, by: ByCode,
			en: "Every beacon is declared and fires only where allowed", zh: "每个信标均已声明且仅在允许处触发",
			sees: "Beacons of a page are compared with the register.", seesZH: "页面信标与登记表比对。",
		},
		{
			id: BeaconCounted, by: ByCode,
			en: "Beacons count visits and nothing else", zh: "信标仅统计访问次数",
			sees: "A beacon carries a page and a cookie reference at most.", seesZH: "信标至多包含页面与 Cookie 引用。",
		},
	}
}
