package parcel

import (
	"fmt"
	"io"
	"strings"
)

// writeReadme writes README.txt: what the files are, and the form of the data.
func writeReadme(w io.Writer, p *Parcel) error {
	text := readmeEnglish
	if strings.HasPrefix(strings.ToLower(p.Head.Language), "zh") {
		text = readmeChinese
	}
	h := p.Head
	_, err := fmt.Fprintf(w, text, h.Platform, h.Request, when(h.Made), h.Policy, h.Version, when(h.Expires))
	return err
}

const readmeEnglish = `What %s holds about you
Request %s, made on %s
Under the policy %s (%s)
Our copy of this package is deleted on %s.

index.html  everything, to read and to print. It needs no network.
data.json   the same for machines. Its parts: head, items (what the policy says
            about each kind of data), values (one object for each value),
            disclosures, consents, cases (what you wrote to us, and what you were
            answered), log. Times are UTC (RFC 3339). A value that is null is
            empty, a secret ("set": true) or binary ("bytes").
data.csv    one line for each value and for each text of a case, UTF-8. A value
            that a spreadsheet would take for a formula has an apostrophe (') in
            front; data.json has it without.

Keep this package safe: it is about you. We cannot take it back.
`

const readmeChinese = `%s 持有的您的信息
请求 %s，生成于 %s
适用政策 %s（%s）
我方保存的本数据包副本将于 %s 删除。

index.html  全部内容，可阅读和打印，无需网络。
data.json   相同内容的机器可读形式：head、items（政策对每类数据的说明）、
            values（每个值一个对象）、disclosures、consents、
            cases（您的来信与给您的答复）、log。
            时间为 UTC（RFC 3339）。值为 null 表示为空、保密（"set": true）
            或二进制内容（"bytes"）。
data.csv    每个值、每段来信或答复一行，UTF-8。可能被电子表格当作公式的值前加有单引号（'），
            data.json 中则没有。

请妥善保管本数据包：内容与您有关，发出后我们无法收回。
`
