# 品質ごとのページ
tier-free = 無料
free-heading = 画像から3Dモデルを、無料で
free-lead = アカウントなしで使えるBaseジェネレーター。登録も支払いも不要で、もちろん1時間以内に忘れます。
free-limit = 1つのアドレスから同時に待てるのは{ $limit }枚まで。順番は公平です
base-heading = Base：画像からすばやく3Dモデルを
base-lead = 内蔵ネットワークが形を推定し、写真がその色になります。眺める、試す、最初に印刷するのに向いています。
pro-heading = Pro：どんな光にもなじむ3Dモデル
pro-lead = 写真に写り込んだ光を色から取り除くので、置いた場所の光になじみます。面だけでは表せない細部はマップが補います。
ultra-heading = Ultra：画像から最も精細な3Dモデルを
ultra-lead = Proのすべてを、最も細かい格子と最大のテクスチャで。細部の多い物に向いています。時間は長めです。
gives-heading = 得られるもの
gives-grid = { $side }×{ $side }×{ $side }の格子から作る表面
gives-faces = { $faces }面。オプションで数を指定できます
gives-texture = { $pixels }×{ $pixels }ピクセルのテクスチャ
gives-builtin = すばやく答える内蔵の形状ネットワーク
gives-best = 形状には、このサーバーにあればTripoSR、なければ内蔵ネットワーク
gives-light = 写真の柔らかい光を色から除去
gives-maps = 物理ベースレンダリング用の法線・粗さ・遮蔽マップ
gives-enlarged = 小さい写真は色にする前に拡大
gives-formats = すべての形式：GLB、glTF、OBJ、STL、3MF、PLY、USDZ
example-heading = 作例
example-alt = 自前の画像からこのエンジンが作ったティーポット。矢印キーで回転、プラスとマイナスで拡大・縮小できます。
example-facts = 自前の画像から、内蔵ネットワークがこの品質で作りました。ページを軽くするため、{ $faces }面、{ $pixels }ピクセルのテクスチャに抑えています。
example-turn = 3Dで回す
tiers-more = それぞれの品質：

# 物のほかの側
sides-title = ほかの側の写真を追加
sides-lead = 同じ物の写真が数枚あると、モデルが良くなります。1枚ごとに4分の1周ずつ回り込んでください。最初の写真で左にあるものが、左の写真では正面になります。
sides-wait = ここを開いている間は、ボタンを押すまで送信されません。
