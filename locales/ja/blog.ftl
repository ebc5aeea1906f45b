# ブログ
blog = ブログ
blog-heading = 作りながら考えていること
blog-description = 画像から3Dモデルへのプライベートな道筋の仕組み、できること、できないこと。
blog-feed = フィード（RSS）
day = { $year }年{ $month }月{ $day }日

# 連絡先
contact = お問い合わせ
contact-heading = このサーバーの運営者に連絡する
contact-description = 質問、不具合、要望、削除すべき子どもの画像など、このサーバーの運営者への連絡方法。
contact-address = メール：
contact-subject = 件名
contact-message = 本文
contact-write = メールソフトで続ける
contact-own = お使いのメールソフトが開きます。ここに書いた内容がこのサーバーを通ることはありません。
contact-none = このサーバーの運営者はアドレスを公開していません。
contact-care = ジョブのアドレスは誰にも送らないでください。知っている人はモデルを見られます。すぐに削除するには、そのページのボタンを押してください。
