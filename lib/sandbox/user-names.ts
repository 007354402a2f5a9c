/** A name as written, and its form in an ASCII user name. */
export interface Name {
  readonly written: string;
  readonly ascii: string;
}

export interface FullName {
  readonly given: Name;
  readonly family: Name;
}

/** The number of different full names. */
export const NAME_COUNT = 4096;

/** The nth full name, n below {@link NAME_COUNT}; no two have the same ASCII form. */
export function fullName(n: number): FullName {
  const [given = [], family = []] = CULTURES[n & 15] ?? [];
  return { given: at(given, (n >> 4) & 15), family: at(family, (n >> 8) & 15) };
}

/** Letters that Unicode does not decompose into a base letter and an accent. */
const INSEPARABLE: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  ð: 'd',
  đ: 'd',
  ı: 'i',
  æ: 'ae',
  þ: 'th',
};

// Sixteen given and sixteen family names from each of sixteen cultures. `_` stands for a space; a slash precedes the
// ASCII form of a name where stripping accents is not enough.
const CULTURES = [
  [
    'Amelia Oliver Grace Noah Charlotte George Isla Harry Freya Theo Poppy Arthur Niamh Declan Saoirse Rhys',
    "Smith Taylor Walker Hughes O'Brien Bennett Fletcher Murphy Campbell Ashworth Whitaker Doyle Pritchard Marsh Holloway MacLeod",
  ],
  [
    'Lucía Mateo Sofía Álvaro Martina Joaquín Inés Andrés Ximena Rubén Begoña Íñigo Pilar Sebastián Noelia Tomás',
    'García Martínez Fernández Muñoz Ibáñez Castaño Peña Núñez Quiñones Vázquez Domínguez Cárdenas Ortega Rincón Salazar Echeverría',
  ],
  [
    'Chloé Hugo Camille Léo Anaïs Gaël Zoé Rémi Éloïse Thibault Maëlys Loïc Margaux Noémie Étienne Cédric',
    'Lefèvre Moreau Girard Bélanger Faure Rousseau Gagné Chevalier Desrosiers Besançon Mercier Thériault Aubert Guérin Lacroix Tremblay',
  ],
  [
    'Jürgen Anneliese Björn Käthe Matthias Heike Jörg Ursula Günter Ännchen Lukas Frauke Till Mareike Götz Sabine',
    'Müller/mueller Schäfer/schaefer Weiß Köhler/koehler Groß Schröder/schroeder Vogel Krüger/krueger Jäger/jaeger Brandt Lehmann Hübner/huebner Zimmermann Kühn/kuehn Richter Böhm/boehm',
  ],
  [
    'Zofia Łukasz Agnieszka Paweł Małgorzata Stanisław Jiří Kateřina Ondřej Zdeňka Michał Elżbieta Grzegorz Šárka Wojciech Božena',
    'Kowalski Wiśniewska Nowak Zieliński Wójcik Dąbrowski Dvořák Novotná Černý Procházka Gołąb Jabłoński Růžička Szymańska Mróz Kučera',
  ],
  [
    'Søren Ingrid Bjørn Astrid Åse Lars Guðrún Þórdís/thordis Øyvind Maja Jón Signe Aino Väinö Linnéa Håkon',
    'Ødegård Lindström Jørgensen Sjöberg Þorsteinsdóttir/thorsteinsdottir Nygård Åkesson Kjær/kjaer Bergström Haugen Mäkinen Virtanen Sørensen Høyer Guðmundsson Hämäläinen',
  ],
  [
    'Ayşe Emre Çağla Oğuz Şule Kerem Zeynep Umut Gülşen Barış Defne Ömer İpek Tuğba Mehmet Ece',
    'Yılmaz Öztürk Şahin Çelik Kılıç Doğan Aydın Erdoğan Güneş Koç Aksoy Tekin Korkmaz Bozkurt Işık Türkmen',
  ],
  [
    'ليلى/layla يوسف/yusuf نور/nour كريم/karim سلمى/salma طارق/tariq هدى/huda سامي/sami ياسمين/yasmin عمر/omar رانيا/rania خالد/khalid فاطمة/fatima حسن/hassan زهرة/zahra إدريس/idris',
    'حداد/haddad منصور/mansour خليل/khalil ناصر/nasser الأمين/al-amin السيد/el-sayed بنسالم/bensalem الشاوي/chaoui فاروق/farouk غانم/ghanem الجزيري/jaziri كرم/karam نجار/najjar قاسم/qasim صباغ/sabbagh زكي/zaki',
  ],
  [
    'Aarav Diya Sunita Ananya Ishaan Kavya Rohan Priya Vikram Meera Arjun Lakshmi Sanjay Harish Nikhil Pooja',
    'Sharma Patel Iyer Verma Gupta Reddy Chatterjee Nair Banerjee Kulkarni Mehta Singh Rao Deshpande Krishnan Venkataraman',
  ],
  [
    'さくら/sakura 蓮/ren 陽菜/hina 大翔/hiroto 結衣/yui 健太/kenta 美咲/misaki 悠真/yuma 葵/aoi 拓海/takumi 千尋/chihiro 翔/sho 直子/naoko 一郎/ichiro 恵/megumi 隼人/hayato',
    '田中/tanaka 佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 伊藤/ito 山本/yamamoto 中村/nakamura 小林/kobayashi 加藤/kato 吉田/yoshida 斎藤/saito 清水/shimizu 森/mori 橋本/hashimoto 石川/ishikawa',
  ],
  [
    '서연/seoyeon 민준/minjun 지우/jiwoo 도윤/doyun 하은/haeun 시우/siwoo 수아/sua 예준/yejun 지민/jimin 현우/hyunwoo 은지/eunji 준호/junho 다은/daeun 성민/seongmin 유나/yuna 태양/taeyang',
    '김/kim 이/lee 박/park 최/choi 정/jung 강/kang 조/cho 윤/yoon 장/jang 임/lim 한/han 오/oh 서/seo 신/shin 권/kwon 황/hwang',
  ],
  [
    '伟/wei 芳/fang 秀英/xiuying 磊/lei 静/jing 浩然/haoran 雪梅/xuemei 建国/jianguo 晓明/xiaoming 丽/li 子涵/zihan 梓轩/zixuan 佳怡/jiayi 文/wen 思远/siyuan 玉兰/yulan',
    '王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 孙/sun 胡/hu 朱/zhu 高/gao 欧阳/ouyang',
  ],
  [
    'Adébáyọ̀ Chiamaka Kwame Ngozi Olúwaṣeun Wanjiru Tendai Zanele Amara Kofi Ifẹ́olúwa Thabo Nyambura Sékou Aminata Juma',
    'Okafor Adéyẹmí Mensah Nkosi Okonkwo Kamau Moyo Dlamini Diallo Asante Ọláyínká Otieno Traoré Mwangi Eze Achieng',
  ],
  [
    'Nguyệt Minh Thảo Đức Lan Quốc Hương Tuấn Mai Dũng Phương Hải Yến Khánh Trang Bảo',
    'Nguyễn Trần Lê Phạm Huỳnh Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Tô',
  ],
  [
    'João Beatriz Thiago Conceição Gonçalo Luísa Caetano Inês Vinícius Antônia Rafael Iara Simão Letícia Otávio Marília',
    'Silva Araújo Gonçalves Conceição Magalhães Brandão Simões de_Assunção Falcão Patrício Nóbrega Queirós Teixeira Figueirêdo Mourão Leitão',
  ],
  [
    'Дмитро/dmytro Оксана/oksana Іван/ivan Анастасія/anastasiia Тарас/taras Ольга/olha Наталя/natalia Сергій/serhii Софія/sofiia Юрій/yurii Богдан/bohdan Марія/mariia Леся/lesia Артем/artem Катерина/kateryna Андрій/andrii',
    'Шевченко/shevchenko Коваленко/kovalenko Бондар/bondar Ткачук/tkachuk Мороз/moroz Кравець/kravets Поліщук/polishchuk Савчук/savchuk Гриценко/hrytsenko Лисенко/lysenko Мельник/melnyk Кузьменко/kuzmenko Рудь/rud Гончар/honchar Яременко/yaremenko Олійник/oliinyk',
  ],
].map((halves) => halves.map((names) => names.split(' ').map(parseName)));

function parseName(text: string): Name {
  const [marked = '', ascii] = text.split('/');
  const written = marked.replaceAll('_', ' ');
  return { written, ascii: ascii ?? toAscii(written) };
}

function toAscii(name: string): string {
  const plain = name.toLowerCase().normalize('NFD');
  return plain.replace(/[øłßðđıæþ]/g, (letter) => INSEPARABLE[letter] ?? '').replace(/[^a-z-]/g, '');
}

function at(names: readonly Name[], n: number): Name {
  return names[n] ?? { written: '', ascii: '' };
}
