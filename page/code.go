package page

import "github.com/avow-dev/avow/policy"

func scenario(s policy.Scenario, lang string) string {
	names := map[policy.Scenario]phrase{
		policy.Entrusted: {"Somebody works for us", "委托处理"}, policy.Consented: {"You said yes to it", "经您同意"},
		policy.Contracted: {"Your order needs it", "履行合同所需"}, policy.Affiliated: {"Within our group", "关联公司之间"},
		policy.Legal:      {"A law, court or authority demands it", "法律、法院或主管机关要求"},
		policy.Protecting: {"Somebody's rights or life are at stake", "保护合法权益或生命安全"},
		policy.Succession: {"The business changes hands", "合并、收购或破产"}, policy.Publishing: {"It is made public", "公开披露"},
		policy.Statistics: {"Counts without anybody in them", "不含个人信息的统计"}, policy.Sale: {"For money", "有偿提供"},
	}
	if p, ok := names[s]; ok {
		return p.in(lang)
	}
	return s.String()
}

func need(code, lang string) string {
	return named(code, lang, map[string]phrase{
		"instrument": {"the legal order or provision", "法律文书或条款"}, "interest": {"the interest at stake", "所保护的权益"},
		"consent": {"your consent", "您的同意"}, "approval": {"a colleague's approval", "内部审批"}, "clause": {"a clause of the contract", "合同条款"},
		"finding": {"a finding", "认定结论"}, "necessity": {"that it is necessary", "必要性说明"},
	})
}

func safeguard(code, lang string) string {
	return named(code, lang, map[string]phrase{
		"contract-clauses": {"standard contract clauses", "标准合同"}, "assessment": {"security assessment", "安全评估"},
		"certification": {"certification", "保护认证"}, "adequacy": {"adequacy decision", "充分性认定"},
	})
}

func pattern(code, lang string) string {
	return named(code, lang, map[string]phrase{
		"payment-card": {"Numbers of payment cards", "银行卡号"}, "cn-resident-id": {"Numbers of identity cards", "身份证号码"},
		"coordinates": {"Exact coordinates", "精确坐标"},
	})
}

func trackerClass(c policy.TrackerClass, lang string) string {
	return named(string(c), lang, map[string]phrase{
		"essential": {"essential", "必要"}, "functional": {"functional", "功能"}, "performance": {"measuring", "统计"}, "marketing": {"marketing", "营销"},
	})
}

// named is the words for a code, the code itself where there are none.
func named(code, lang string, names map[string]phrase) string {
	if p, ok := names[code]; ok {
		return p.in(lang)
	}
	return code
}
