package policy

// guardControls are the controls over keys, log, incidents and the duties of people.
func guardControls() []controlRow {
	return []controlRow{
		{
			id: AtRest, by: ByCode, through: []Control{CollectDeclared},
			en: "Values are encrypted at rest", zh: "信息加密存储",
			sees: "Every value is sealed with AES-256-GCM before it reaches the database.", seesZH: "每项信息入库前均以 AES-256-GCM 加密。",
		},
		{
			id: KeysApart, by: ByCode, through: []Control{CollectDeclared},
			en: "Keys are kept apart from the data", zh: "密钥与数据分离保存",
			sees: "Keys have their own store; one that is destroyed ends its values.", seesZH: "密钥单独存放，销毁即终结其信息。",
		},
		{
			id: SecretHashed, by: ByCode, through: []Control{CollectDeclared},
			en: "Passwords can be checked and not read", zh: "密码只可校验不可读取",
			sees: "A secret is stored as a slow salted hash, in a sealed value.", seesZH: "密码以加盐慢哈希封存。",
		},
		{
			id: TamperEvident, by: ByCode,
			en: "The log shows any change to it", zh: "日志的任何改动均可被发现",
			sees: "Entries stand in a Merkle tree whose root is signed each second.", seesZH: "记录构成默克尔树，其根逐秒签名。",
		},
		{
			id: SessionEnded, by: ByCode,
			en: "Signing out ends the session and its cookie", zh: "退出登录即终止会话及其 Cookie",
			sees: "A session that has ended answers nothing.", seesZH: "已终止的会话不再有任何应答。",
		},
		{
			id: StaffAuthenticated, by: ByCode,
			en: "Staff sign in with two factors before they see anything", zh: "员工须经双因素登录",
			sees: "Each sign-in to the console is an entry of the log.", seesZH: "每次控制台登录均有记录。",
		},
		{
			id: StaffLapses, by: ByCode,
			en: "Access ends when training or undertaking lapses", zh: "培训或承诺过期即终止访问",
			sees: "A person whose training is overdue loses roles that touch data.", seesZH: "培训逾期者失去接触信息的角色。",
		},
		{
			id: StaffTraining, by: ByPeople, duty: "staff-training",
			en: "Staff are trained in data protection", zh: "员工定期接受数据保护培训",
			sees: "A person attests each round of training, with its evidence.", seesZH: "由负责人签署每次培训并附证据。",
		},
		{
			id: StaffUndertaking, by: ByPeople, duty: "staff-undertaking",
			en: "Staff and vendors are bound to confidentiality", zh: "员工与供应商承担保密义务",
			sees: "A person attests that everyone with access has signed.", seesZH: "由负责人签署全体有权限者均已承诺。",
		},
		{
			id: StaffQualified, by: ByPeople, duty: "staff-certificates",
			en: "Security engineers hold certificates in force", zh: "安全工程师持有有效证书",
			sees: "A person attests the certificates and when they end.", seesZH: "由负责人签署证书及其有效期。",
		},
		{
			id: TransportTLS, by: ByPeople, duty: "transport-scan",
			en: "Data travels over TLS only", zh: "数据仅经 TLS 传输",
			sees: "A person attests a scan of every address that takes personal data.", seesZH: "由负责人签署对各接口的扫描结果。",
		},
		{
			id: SecurityMeasures, by: ByPeople, duty: "security-measures",
			en: "Each threat is met by a tested measure", zh: "每类威胁均有经测试的措施",
			sees: "A person attests the register of measures, their standard and their tests.", seesZH: "由负责人签署措施登记、标准与测试。",
		},
		{
			id: SecurityRules, by: ByPeople, duty: "security-rules",
			en: "Security rules have an owner and a review", zh: "安全制度有负责人与定期复审",
			sees: "A person attests the review of the rules.", seesZH: "由负责人签署制度复审。",
		},
		{
			id: SecurityAudit, by: ByPeople, duty: "security-audit",
			en: "Security is audited at intervals", zh: "定期开展安全审计",
			sees: "A person attests each audit, with its report.", seesZH: "由负责人签署每次审计并附报告。",
		},
		{
			id: VulnerabilityCheck, by: ByPeople, duty: "vulnerability-assessment",
			en: "Weaknesses are looked for at intervals", zh: "定期开展漏洞评估",
			sees: "A person attests each assessment and what became of its findings.", seesZH: "由负责人签署评估及整改情况。",
		},
		{
			id: SecurityBaseline, by: ByPeople, duty: "hardening-baseline",
			en: "Servers are compared with a hardening baseline", zh: "服务器与加固基线比对",
			sees: "A person attests the comparison and the patches.", seesZH: "由负责人签署比对与补丁情况。",
		},
		{
			id: ReleaseChecks, by: ByPeople, duty: "release-checks",
			en: "Every release passes automatic security checks", zh: "每次发布均通过自动安全检查",
			sees: "A person attests that failing releases were stopped.", seesZH: "由负责人签署未通过的发布已被阻止。",
		},
		{
			id: NetworkZone, by: ByPeople, duty: "network-zone",
			en: "Stores are reachable only from listed networks", zh: "存储仅可从白名单网络访问",
			sees: "A person attests a probe from outside.", seesZH: "由负责人签署外部探测结果。",
		},
		{
			id: SecurityAlert, by: ByCode,
			en: "Anomalous access raises an alert within seconds", zh: "异常访问数秒内告警",
			sees: "Each alert has the time of the event and of its detection.", seesZH: "告警注明事件与发现时间。",
		},
		{
			id: LogReview, by: ByPeople, duty: "log-review",
			en: "Access logs are reviewed at intervals", zh: "定期审阅访问日志",
			sees: "A person attests the review and the anomalies found.", seesZH: "由负责人签署审阅及发现的异常。",
		},
		{
			id: RestoreDrill, by: ByPeople, duty: "restore-drill",
			en: "Lost data can be brought back", zh: "丢失的数据可以恢复",
			sees: "A person attests a restore that matched its archive.", seesZH: "由负责人签署与归档一致的恢复演练。",
		},
		{
			id: BackupTaken, by: ByCode, through: []Control{ErasureBackups},
			en: "Backups are taken, apart for data and keys", zh: "数据与密钥分别备份",
			sees: "Each archive that was written leaves an entry.", seesZH: "每次归档均有记录。",
		},
		{
			id: BackupScheduled, by: ByCode,
			en: "Backups are taken by a schedule", zh: "备份按计划进行",
			sees: "An archive that is late breaks the promise.", seesZH: "逾期未归档即视为违约。",
		},
		{
			id: RecipientAudit, by: ByPeople, duty: "recipient-audit",
			en: "Processors are audited at intervals", zh: "定期审计处理者",
			sees: "A person attests the audit of each processor.", seesZH: "由负责人签署对各处理者的审计。",
		},
		{
			id: RecipientUndertaking, by: ByPeople, duty: "recipient-undertaking",
			en: "Processors are bound to the law and to named standards", zh: "处理者承诺遵守法律与标准",
			sees: "A person attests what each agreement binds its processor to.", seesZH: "由负责人签署各协议的约束内容。",
		},
		{
			id: RecipientCertified, by: ByPeople, duty: "recipient-certificate",
			en: "Processors of payments and sensitive data hold their certificates", zh: "支付与敏感信息处理者持有有效认证",
			sees: "A person attests the certificate and when it ends.", seesZH: "由负责人签署认证及其有效期。",
		},
		{
			id: ResidencyStores, by: ByPeople, duty: "residency-review",
			en: "Every store and backup stands where the policy says", zh: "存储与备份位于政策所述地域",
			sees: "A person attests where stores and backups are.", seesZH: "由负责人签署存储与备份的位置。",
		},
		{
			id: AppReview, by: ByPeople, duty: "app-review",
			en: "Apps and sites do on the device only what is declared", zh: "应用与网站在设备上的行为符合声明",
			sees: "A person attests the review of each build against the policy.", seesZH: "由负责人签署各版本与政策的核对。",
		},
		{
			id: IncidentPlanned, by: ByCode,
			en: "An incident opens a plan with steps and owners", zh: "事件发生即启动应急预案",
			sees: "The plan's start follows the declaration within the stated time.", seesZH: "预案在规定时间内启动。",
		},
		{
			id: IncidentMeasures, by: ByCode,
			en: "An incident closes only when its measures are done", zh: "措施完成后方可结案",
			sees: "An open measure refuses the closing.", seesZH: "存在未完成措施时拒绝结案。",
		},
		{
			id: IncidentAuthority, by: ByCode,
			en: "The authority is told of an incident in time", zh: "按期向主管机关报告事件",
			sees: "The clock of each law runs from the discovery.", seesZH: "自发现起按各法计时。",
		},
		{
			id: IncidentPeople, by: ByCode,
			en: "Those affected by an incident are told in time", zh: "按期告知受影响者",
			sees: "Who was affected is read from the log of what was touched.", seesZH: "受影响者由访问日志得出。",
		},
		{
			id: IncidentReported, by: ByCode,
			en: "People can report a leak, and it comes first", zh: "用户可举报泄露并优先处理",
			sees: "A report opens an incident with its own clock.", seesZH: "举报即立案并计时。",
		},
	}
}
