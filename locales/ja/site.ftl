# どのページにもあるもの
skip-to-content = 本文へ移動
nav-label = ページ
nav-menu = メニュー
nav-make = モデルを作る
nav-features = できること
nav-faq = よくある質問
nav-status = 稼働状況
footer-label = その他のページ
footer-story = 開発の経緯
footer-privacy = プライバシー
footer-terms = 利用規約
footer-cookies = Cookieの設定
footer-licences = ライセンス
footer-promise = アカウント不要。同意がなければ、Cookieも第三者への送信もありません。画像とモデルは1時間以内に破棄されます。
footer-kept = 約束は守られていますか？
language-label = 言語
moment = { $year }年{ $month }月{ $day }日 { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = 統計
consent-choice = あなたの選択
consent-none = このサーバーは何も数えないので、同意や拒否をするものはありません。
consent-question = どの公開ページを開いたかを、ブラウザーから { $services } に伝えてもよいですか。画像、モデル、それらへのリンクは決して伝えません。ネットワークアドレスは保存しないよう求めます。
consent-undecided = まだ選択されていません。選択するまで何も数えません。
consent-accepted = 同意されました。公開ページへの訪問を数えます。
consent-rejected = 拒否されました。何も数えません。
consent-signalled = お使いのブラウザーは追跡しないよう求めています（Global Privacy Control）。拒否とみなし、何も数えません。
consent-accept = 同意する
consent-reject = 拒否する

# 画像をドロップするページ
home-title = 画像が3Dモデルになり、そして忘れられます
home-description = 物が1つ写った画像をドロップすると、テクスチャ付きの3Dモデルができます。画像もモデルも1時間以内に破棄されます。
home-heading = 画像が3Dモデルに。そのあとは、忘れます。
home-lead = 物が1つ写った写真をドロップしてください。回して眺めたり、印刷したり、遊んだりできるテクスチャ付きモデルができます。1時間後には、ここには何も残りません。
home-yours = あなただけのもの
home-yours-text = 画像とモデルは、それぞれ専用の鍵で暗号化されます。開けるのは、お渡しするリンクだけです。
home-gone = 1時間以内に消えます
home-gone-text = まず鍵を、次にファイルを破棄します。待たずに、ボタン1つですべてを今すぐ削除することもできます。
home-unused = ほかの目的には使いません
home-unused-text = 学習にも、ギャラリーにも、追跡にも使いません。作ったものはあなたのものです。

# フォーム
drop-here = ここに画像をドロップ
drop-or = または、選ぶ、貼り付ける、スマートフォンで撮る
drop-formats = PNG、JPEG、WebP、AVIF、GIF、BMP、TIFF（{ $megabytes } MBまで）
drop-at-once = 選ぶとすぐに、下の設定で送信されます。
drop-chosen = 選んだ画像
drop-stop = 中止
drop-make = モデルを作る
sample-take = この画像で試す
sample-lead = 手元に画像がないときは
sample-alt = 木の桶の写真
quality = 品質
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = { $texture }Kテクスチャ、{ $faces },000面、{ $beside }
tier-base-beside = 短時間
tier-pro-beside = 写真に写り込んだ光を弱め、法線・粗さマップ付き
tier-ultra-beside = Proのすべてに加え、最も細かい格子
engine-label = 形状ネットワーク
engine-auto = 品質に応じた最良のもの
engine-builtin = 内蔵
engine-triposr = TripoSR（このサーバーにある場合）
engine-inflate = なし：輪郭をふくらませる
lifetime-label = 保存する時間
lifetime-hour = 1時間
lifetime-minutes = { $minutes }分間
delete-after-download = 最初のダウンロード後にすべて削除する

# What few people set.
options-title = オプション
options-lead = 触らなければ通常どおりです。
by-quality = 品質に合わせる
faces-label = 面の数（三角形）
texture-label = テクスチャの一辺（ピクセル）
size-label = 最も長い辺（mm）
size-usual = 印刷では{ $size }
seed-label = シード
topology-label = 面の形
topology-triangle = 三角形
topology-quad = 四角形（スカルプト向け）
symmetry-label = 対称性
symmetry-none = 見えたまま
symmetry-auto = 確実な場合だけ
symmetry-x = 左右を同じにする
ground-label = 置き方
ground-flat = 平らに床に置く
ground-lowest = 最も低い点で置く
ground-centre = 中心を原点に置く
print-label = 3Dプリンター向けに整える
