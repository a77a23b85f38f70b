package web

import (
	"net/http"
	"strings"
)

// problemText gives the title and the words of a problem in the reader's
// language. Faults are written in English where they arise; those that people
// meet are written in Chinese here, and of others it is said what kind they are.
func problemText(lang string, status int, detail string) (title, text string) {
	if !strings.HasPrefix(lang, "zh") {
		return Title(status), sentence(detail)
	}
	title, text = problemKind(status)
	if own, ok := faultsInChinese()[detail]; ok {
		text = own
	}
	return title, text
}

func problemKind(status int) (title, text string) {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return "内容无法受理", "所填内容不完整或格式不正确，请返回检查后重试。"
	case http.StatusForbidden:
		return "不允许此操作", "根据政策或您的权限，此操作不能进行。"
	case http.StatusNotFound:
		return "这里没有您要找的内容", "此地址不存在，或者您无权查看。"
	case http.StatusMethodNotAllowed:
		return "不支持的操作", "此地址不能这样使用，请返回上一页。"
	case http.StatusConflict:
		return "情况已发生变化", "在您操作之前，内容已被更改。请刷新页面查看最新情况。"
	case http.StatusRequestEntityTooLarge:
		return "内容过大", "一次提交不得超过 1 MB，请分次提交。"
	case http.StatusTooManyRequests:
		return "操作过于频繁", "请稍等片刻再试。"
	case http.StatusServiceUnavailable:
		return "暂时繁忙", "请稍后再试；没有任何内容丢失。"
	}
	return "出了点问题", "原因已写入运营方日志；请凭请求编号联系我们。"
}

func faultsInChinese() map[string]string {
	return map[string]string{
		"there is no such request": "没有此请求，或者它不属于您。",
		"there is no such entry":   "没有此记录。",
		"more than one account has this address, and it cannot be told whose you mean: please write to us": "有多个账号使用此地址，无法确定是哪一个。请直接联系我们。",
		"this is not corrected here: please write to us":                                                   "此项不能在这里更正，请直接联系我们。",
		"the account is closed already":                                                                    "账号已经注销。",
		"say yes or no to one thing":                                                                       "请对其中一项选择同意或拒绝。",
		"that is nothing to choose here":                                                                   "此项不在可选择之列。",
		"your role on this platform does not open this page":                                               "您在本平台的角色不能打开此页。",
		"your role on this platform opens no page of the console":                                          "您在本平台的角色不能打开控制台的任何页面。",
		"this address was made for somebody else, or its time has run out: look the person up again":       "此地址属于其他工作人员，或已失效：请重新查找此人。",
		"your role sees masked values, and a package has them in clear: ask a colleague who may see them":  "您的角色只能查看掩码后的信息，而数据包含完整信息：请由有权限的同事办理。",
		"there is no such key on this platform":                                                            "本平台没有此密钥。",
		"there is no such member of staff on this platform":                                                "本平台没有此工作人员。",
	}
}
