# ビューアーのボタン
viewer-label = 表示の切り替え
viewer-turn = 自動回転
viewer-wireframe = ワイヤーフレーム
viewer-normals = 法線
viewer-dark = 背景を変える
viewer-full = 全画面
viewer-shot = 画像を保存
viewer-light = 明るさ
viewer-size = 幅×高さ×奥行き：
viewer-measure = 測る
viewer-measure-how = モデルの2点を押してください。キーボードでは、測りたい点が十字の下に来るまで回してEnterを押します。
viewer-distance = 距離：
