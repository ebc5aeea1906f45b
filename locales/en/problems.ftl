# What goes wrong: a title and, as .detail, why and what to do now. problem-CODE, where CODE is part of the API.
-unusable = That picture can’t be used
problem-no_such_page = There is nothing here
    .detail = This address leads nowhere: it is incomplete or mistyped.
problem-no_such_job = There is no such job
    .detail = The link is incomplete or mistyped, or what it led to was deleted long ago.
problem-method_not_allowed = That can’t be done here
    .detail = This address takes another kind of request.
problem-foreign_form = That came from another site
    .detail = Requests that change something are only taken from this site’s own pages.
problem-our_fault = Something broke on our side
    .detail = The fault is ours, not your picture’s. Try again; if it stays, tell whoever runs this server, with the number of the request.
problem-malformed_upload = The upload did not arrive whole
    .detail = The picture was cut off or garbled on its way. Nothing was kept; send it again.
problem-no_picture = There was no picture
    .detail = Send one picture, as the form field “picture” or as the request’s body.
problem-unknown_tier = There is no such quality
    .detail = The tier is one of { $names }.
problem-unknown_engine = There is no such engine
    .detail = The engine is one of { $names }.
problem-unknown_format = There is no such format
    .detail = The format is one of { $names }.
problem-unknown_size = That size can’t be used
    .detail = The longest side is a number of millimetres from { $least } to { $most }.
problem-unknown_lifetime = That lifetime can’t be used
    .detail = The lifetime is a whole number of minutes from { $least } to { $most }. Nothing is kept longer than an hour.
problem-unknown_flag = That is neither yes nor no
    .detail = The fields delete_after_download, keep_background and print are true or false.
problem-unknown_choice = That option can’t be used
    .detail = The field { $field } is one of { $names }.
problem-out_of_range = That option can’t be used
    .detail = The field { $field } is a whole number from { $least } to { $most }.
problem-number_out_of_range = That option can’t be used
    .detail = The field { $field } is a number from { $least } to { $most }.
problem-no_text = That option can’t be used
    .detail = The field { $field } is a text.
problem-unwritten = That option can’t be used
    .detail = The field { $field } is written like this: { $example }
problem-no_mask = There was no mask
    .detail = Send a picture of the same size as the field “mask”, white where something is to go and black elsewhere.
problem-mask_size = The mask doesn’t fit the picture
    .detail = The mask has { $mask } pixels and the picture { $picture }: paint it on the picture at its own size.
problem-too_long_for_format = This format can’t hold the picture
    .detail = The picture has more pixels on a side than this format takes: take it as PNG.
problem-too_many = Too many pictures at once
    .detail = One request has at most { $most } pictures. Nothing was kept; send fewer.
problem-said_twice = That was said twice
    .detail = Each option is given once.
problem-side_in_batch = A side of one object is not for here
    .detail = The field { $field } is another side of one object: send it to /jobs with that object’s other sides.
about-left = The left picture: { $detail }
about-back = The picture of the back: { $detail }
about-right = The right picture: { $detail }
about-mask = The mask: { $detail }
about-background = The background: { $detail }
problem-idempotency_key_unusable = That idempotency key can’t be used
    .detail = The header Idempotency-Key is one text of 1 to { $most } ASCII characters.
problem-idempotency_key_reused = That idempotency key was used before
    .detail = Another picture or other options came with the same Idempotency-Key. Nothing of this one was kept; choose a new key for it.
problem-not_a_form = That can’t be read
    .detail = Send a form (application/x-www-form-urlencoded) with the fields tier, engine and keep_background, or nothing.
problem-range_beyond_end = There is no such part
    .detail = The file ends at byte { $bytes }; ask for a part before that.
problem-not_an_upload = That is no picture
    .detail = Send a form (multipart/form-data) with the field “picture”, or the picture itself with its own media type.
problem-too_large = The picture is too large
    .detail = At most { $megabytes } MB are taken. Save the picture smaller and try again.
problem-too_slow = The upload took too long
    .detail = The connection stood still before the picture was complete. Nothing was kept; send it again.
problem-busy = Too much to do at the moment
    .detail = Many pictures are waiting. Nothing was changed and nothing new was kept; try again in { $seconds ->
        [one] a second
       *[other] { $seconds } seconds
    }.
problem-busy_converting = Too much to convert at the moment
    .detail = Many models are being converted. Try again in { $seconds ->
        [one] a second
       *[other] { $seconds } seconds
    }.
problem-enough_waiting = Some of yours are waiting
    .detail = { $limit ->
        [one] Only one picture from one address waits at a time.
       *[other] At most { $limit } pictures from one address wait at a time.
    } Nothing was changed and nothing new was kept; try again in { $seconds ->
        [one] a second
       *[other] { $seconds } seconds
    }.
problem-gone = It is gone
    .detail = The picture and the model were destroyed: because the hour was over, or because somebody with this link deleted them. Their keys went first, so nobody can bring them back.
problem-not_ready = It is not ready yet
    .detail = It is still being made, or it could not be made. The job’s own page says which.
problem-other_kind = This job makes something else
    .detail = It makes a model or another picture, and you asked for the other one. The job’s own page leads to what it makes.
problem-not_retryable = That can’t be tried again
    .detail = It did not fail, or trying again would not help, or it was tried often enough; its picture is not kept. Send the picture again.
problem-not_a_picture = { -unusable }
    .detail = This is not a picture: send a PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF file.
problem-picture_unsupported = { -unusable }
    .detail = { $format ->
        [HEIC] HEIC files can’t be read here: save or share it as JPEG. On an iPhone, Settings › Camera › Formats › Most Compatible takes JPEG from now on.
       *[other] { $format } files can’t be read: convert it to JPEG or PNG first.
    }
problem-picture_truncated = { -unusable }
    .detail = The { $format } file is cut off: copy, save or upload it again.
problem-picture_corrupt = { -unusable }
    .detail = The { $format } file is damaged: open it in an image editor and save it again.
problem-picture_too_many_bytes = { -unusable }
    .detail = The file has { $megabytes } MB, more than the { $limit } MB allowed: make the picture smaller or save it as JPEG.
problem-picture_too_long = { -unusable }
    .detail = The picture has { $width } × { $height } pixels, more than { $limit } on a side: make it smaller.
problem-picture_too_many_pixels = { -unusable }
    .detail = The picture has { $width } × { $height } pixels, more than { $limit } megapixels: make it smaller.
problem-picture_too_small = { -unusable }
    .detail = The picture has only { $width } × { $height } pixels: send one of at least { $limit } × { $limit }, better 512 × 512.
problem-picture_too_much_memory = { -unusable }
    .detail = Decoding the picture needs more than { $limit } MB of memory: make it smaller or save it with 8 bits per channel.
problem-disk_full = The server’s disk is full
    .detail = Nothing was kept. Try again later, or tell whoever runs this server to free some space.
problem-database_away = The job list can’t be reached
    .detail = Nothing is lost, and nothing is kept longer. Try again in { $seconds ->
        [one] a second
       *[other] { $seconds } seconds
    }.

# Around them on a page.
request-number = Number of the request:
page-back = Back to the start
page-again = Start with another picture
receipts = Receipts
receipt = key destroyed { $moment }, because { $reason }
receipt-picture = Your picture
receipt-model = The model
receipt-preview = Its preview
receipt-edited = The finished picture
receipt-expired = its time was over
receipt-asked = you asked for it
receipt-downloaded = it was downloaded
receipt-restart = the server was restarted
receipt-unused = it was not needed any more
receipts-facts = Signed by this server. Save them and its public key within 30 days; both can be checked without this server.
receipts-save = Save the receipts
receipts-key = Save the public key
