package demo

// Surnames and given names with their pinyin: everyday ones, put together by
// chance.
func surnames() []string {
	return []string{
		"王 wang", "李 li", "张 zhang", "刘 liu", "陈 chen", "杨 yang", "黄 huang", "赵 zhao", "周 zhou", "吴 wu", "徐 xu", "孙 sun", "马 ma", "朱 zhu",
		"胡 hu", "郭 guo", "何 he", "林 lin", "高 gao", "罗 luo", "郑 zheng", "梁 liang", "谢 xie", "宋 song", "唐 tang", "许 xu", "邓 deng", "韩 han",
		"冯 feng", "曹 cao", "彭 peng", "曾 zeng", "萧 xiao", "田 tian", "董 dong", "潘 pan", "袁 yuan", "蔡 cai", "蒋 jiang", "余 yu", "叶 ye", "欧阳 ouyang",
	}
}

func givenNames() []string {
	return []string{
		"伟 wei", "芳 fang", "秀英 xiuying", "敏 min", "静 jing", "丽 li", "强 qiang", "磊 lei", "洋 yang", "艳 yan", "勇 yong", "杰 jie", "娟 juan", "涛 tao",
		"超 chao", "晓明 xiaoming", "霞 xia", "桂英 guiying", "梓涵 zihan", "子轩 zixuan", "雨桐 yutong", "欣怡 xinyi", "浩然 haoran", "思远 siyuan",
		"佳琪 jiaqi", "若曦 ruoxi", "俊杰 junjie", "明轩 mingxuan", "诗涵 shihan", "宇航 yuhang", "雪梅 xuemei", "建国 jianguo", "志强 zhiqiang",
		"晨曦 chenxi", "文博 wenbo", "嘉懿 jiayi", "语嫣 yuyan", "天宇 tianyu", "慧敏 huimin", "春燕 chunyan", "海涛 haitao", "丹 dan", "倩 qian",
	}
}

// chinesePlaces are a city, its country and the beginning of its postcodes.
func chinesePlaces() []string {
	return []string{"上海市 CN 20", "深圳市 CN 51", "杭州市 CN 31", "成都市 CN 61", "广州市 CN 51", "南京市 CN 21", "武汉市 CN 43", "西安市 CN 71", "厦门市 CN 36", "青岛市 CN 26"}
}

func chineseStreets() []string {
	return []string{"人民路", "中山路", "解放大道", "建设二路", "梧桐街", "科技南十二路", "文化路", "滨江大道", "学院路", "幸福里", "长宁路", "银杏街"}
}

func firstNames() []string {
	return []string{
		"Ann", "Luís", "Grace", "Zoë", "Omar", "Ruth", "Mateo", "Ingrid", "Kofi", "Aoife", "Noah", "Amélie", "Jonas", "Priya", "Elif", "Sofía", "Tomasz", "Yuki",
		"Hannah", "Samuel", "Chiara", "Björn", "Leila", "Declan", "Nadia", "Oskar", "Ivana", "Thabo", "Marta", "Felix", "Rosa", "Emeka", "Clara", "Henrik", "Maya", "Pablo",
	}
}

func lastNames() []string {
	return []string{
		"Whitlock", "Peixoto", "Okafor", "Lindqvist", "Haddad", "Peacock", "Ferreira", "Sørensen", "Mensah", "O'Brien", "Castellanos", "Dubois", "Keller",
		"Raman", "Yılmaz", "Núñez", "Kowalczyk", "Tanaka", "Bergström", "Adeyemi", "Moretti", "Novak", "Rahimi", "Gallagher", "Petrova", "Schäfer", "Dlamini",
		"Ribeiro", "Hartmann", "Eze", "Vega", "Nyström", "Fontaine", "Quinn", "Marchetti", "Oduya",
	}
}

// places are a city, its country and the form of its postcodes.
func places() []string {
	return []string{
		"Bristol|GB|BS# %QD", "Leeds|GB|LS# %RT", "Dublin|IE|D0# X%Y#", "Lyon|FR|690##", "Hamburg|DE|20##%", "Valencia|ES|460##", "Porto|PT|4000-##%",
		"Seattle|US|981##", "Austin|US|787##", "Chicago|US|606##", "Denver|US|802##", "Atlanta|US|303##", "Portland|US|972##",
	}
}

func streets() []string {
	return []string{"Orchard Lane", "Harbour Street", "Mill Road", "Station Approach", "Linden Avenue", "Chapel Hill", "Juniper Court", "Quay Street", "Elm Grove", "Foundry Yard", "Canal Walk", "Meadow View"}
}
