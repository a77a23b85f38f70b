package page

import (
	"strings"

	"github.com/avow-dev/avow/policy"
)

// CategoryKey is the group that a category of the Fides taxonomy is shown in:
// its first two parts (user.contact.email → user.contact).
func CategoryKey(category string) string {
	parts := strings.SplitN(category, ".", 3)
	if len(parts) < 2 {
		return category
	}
	return parts[0] + "." + parts[1]
}

// CategoryTitle names the group of a category (the keys are those of the Fides
// taxonomy). A group without a name of its own is called by its key.
func CategoryTitle(category, lang string) string {
	names := map[string]phrase{
		"user.account": {"Account", "账号"}, "user.authorization": {"Permissions", "授权"},
		"user.behavior": {"What you do", "行为记录"}, "user.biometric": {"Biometric data", "生物识别信息"},
		"user.childrens": {"About children", "未成年人信息"}, "user.contact": {"Contact", "联系方式"},
		"user.content": {"What you write and record", "内容"}, "user.credentials": {"Sign-in", "登录凭证"},
		"user.criminal_history": {"Criminal record", "违法犯罪记录"}, "user.demographic": {"About you", "基本情况"},
		"user.device": {"Device", "设备"}, "user.financial": {"Payment", "支付"},
		"user.government_id": {"Official documents", "身份证件"}, "user.health_and_medical": {"Health", "健康"},
		"user.job_title": {"Work", "职业"}, "user.location": {"Place", "位置"}, "user.name": {"Name", "姓名与昵称"},
		"user.payment": {"Payment", "支付"}, "user.privacy_preferences": {"Your choices", "隐私选择"},
		"user.sensor": {"Sensors", "传感器"}, "user.social": {"Social", "社交"}, "user.telemetry": {"Measurements", "运行数据"},
		"user.unique_id": {"Identifiers", "标识"}, "user.user_sensor": {"Sensors", "传感器"}, "user.workplace": {"Work", "职业"},
	}
	key := CategoryKey(category)
	if p, ok := names[key]; ok {
		return p.in(lang)
	}
	return key
}

// RightTitle names a right in the policy's own words, and in plain ones where
// the policy gives none.
func RightTitle(p *policy.Policy, kind policy.RightKind, lang string) string {
	if r, err := p.Right(kind); err == nil && !r.Title.IsZero() {
		return r.Title.In(lang)
	}
	return string(kind)
}

// Channel names a way to ask.
func Channel(channel, lang string) string {
	names := map[string]phrase{
		"settings": {"this privacy centre", "本隐私中心"}, "support": {"support", "客服"}, "phone": {"telephone", "电话"},
		"web": {"website", "网站"}, "email": {"e-mail", "电子邮件"}, "post": {"letter", "信函"},
		"chat": {"online service", "在线客服"}, "popup": {"a pop-up", "弹窗"}, "sms": {"text message", "短信"}, "push": {"push message", "推送"},
		"page": {"on this page", "本页面"}, "notification-centre": {"the notification centre", "通知中心"}, "announcement": {"an announcement", "公告"},
	}
	if p, ok := names[channel]; ok {
		return p.in(lang)
	}
	return channel
}

func verification(how, lang string) string {
	names := map[string]phrase{
		"login": {"you sign in", "登录"}, "identifier": {"a code to your e-mail or telephone", "向您的邮箱或手机发送验证码"},
		"document": {"a document", "核验证件"}, "none": {"not needed", "无需核实"},
	}
	if p, ok := names[how]; ok {
		return p.in(lang)
	}
	return how
}

func role(r policy.RecipientRole, lang string) string {
	names := map[policy.RecipientRole]phrase{
		policy.Processor: {"works for us", "受托处理"}, policy.SDK: {"SDK in the app", "应用内 SDK"},
		policy.Partner: {"decides for itself", "独立处理者"}, policy.Affiliate: {"our group", "关联公司"},
		policy.Authority: {"authority", "国家机关"}, policy.Successor: {"successor", "继受方"},
	}
	if p, ok := names[r]; ok {
		return p.in(lang)
	}
	return string(r)
}

func method(m, lang string) string {
	names := map[string]phrase{
		"sdk-direct": {"reads it itself", "由 SDK 直接读取"}, "transfer": {"we send it", "由我们提供"},
		"redirect": {"you are sent there", "跳转至其页面"}, "hosting": {"stores it for us", "代为存储"},
	}
	if p, ok := names[m]; ok {
		return p.in(lang)
	}
	return m
}

func section(name, lang string) string {
	names := map[string]phrase{
		"dates": {"Dates", "日期"}, "preamble": {"To begin with", "引言"}, "collection": {"Collection and use", "收集与使用"},
		"security": {"Security", "安全"}, "permissions": {"Permissions", "设备权限"}, "residency": {"Where it is kept", "存储地点"},
		"retention": {"How long", "保存期限"}, "sharing": {"Sharing", "共享"}, "rights": {"Rights", "您的权利"},
		"minors": {"Young people", "未成年人"}, "contact": {"Contact", "联系我们"}, "changes": {"Changes", "政策变更"},
		"cookies": {"Cookies", "Cookie"}, "transfer": {"Transfer", "转让"}, "disclosure": {"Disclosure", "公开披露"},
	}
	if p, ok := names[name]; ok {
		return p.in(lang)
	}
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}

func reference(k policy.RefKind, lang string) string {
	names := map[policy.RefKind]phrase{
		policy.RefOrder: {"an order", "订单"}, policy.RefTicket: {"a support ticket", "客服工单"}, policy.RefCase: {"a case", "案件"},
		policy.RefContract: {"a contract", "合同"}, policy.RefRequest: {"a request of yours", "您的请求"},
	}
	if p, ok := names[k]; ok {
		return p.in(lang)
	}
	return k.String()
}

func contact(kind, lang string) string {
	names := map[string]phrase{"phone": {"Telephone", "电话"}, "web": {"Website", "网站"}, "email": {"E-mail", "电子邮箱"}, "post": {"Post", "通信地址"}, "chat": {"Chat with us", "在线客服"}}
	if p, ok := names[kind]; ok {
		return p.in(lang)
	}
	return kind
}

// anchor makes a fragment name of a prefix and a name of the policy.
func anchor(prefix, name string) string {
	return prefix + "-" + strings.ToLower(strings.ReplaceAll(name, ".", "-"))
}

// ItemTitle is what people call an item of the policy; of one that is no longer
// in it, the name it had.
func ItemTitle(p *policy.Policy, no policy.ItemNo, lang string) string {
	if i := p.ItemBy(no); i != nil {
		return Title(i.Title, i.Name, lang)
	}
	return p.Numbers().Item(no)
}

// PurposeTitle is as ItemTitle, for purposes.
func PurposeTitle(p *policy.Policy, no policy.PurposeNo, lang string) string {
	if u := p.PurposeBy(no); u != nil {
		return Title(u.Title, u.Name, lang)
	}
	return p.Numbers().Purpose(no)
}
