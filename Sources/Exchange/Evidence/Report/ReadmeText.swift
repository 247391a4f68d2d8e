/// `README.txt`: what is in the folder and how to check it.
enum ReadmeText {
    static let text = """
        砼行证据包（格式 1） Tongxing evidence package (format 1)

        report.html              可打印报告（A4），先看它 / the report to read and print
        report.pdf               同一报告，导出时装有 Chromium 才有 / the same, where a Chromium was installed
        package.json             本包是什么、谁在何时为何导出 / what this is, who exported it, when and why
        raw/batches/*.zst        封存批原文（zstd），文件名为 通道-批号 / sealed batches, lane-number
        raw/batches.csv          各批的哈希与前一批哈希 / hash and previous hash of each batch
        raw/lanes.csv            导出时各通道的链尾 / where each lane's chain ended
        raw/messages.csv         本车每条原始报文：批、序位、接收时间、主题、字节 / this truck's raw messages
        raw/decoding.json        解码规则 / how the messages are read
        decoded/*.csv            解码结果；in_log 为真者即库中记录 / what they say; in_log: the log's own rows
        trail/*                  轨迹 GeoJSON、GPX、CSV（WGS-84）
        registers/*.csv          登记与资质，含何时获知；站点、工地为判定前已知的全部行 / registers, with when each row was known;
                                 of plants and sites every row known by the judgement, expired ones too
        analysis/*               结论、规则、事实、反证、参数、此前结论 / judgement, parameters, earlier forms
        analysis/successors.json 运单已被取代时才有：现有运单 / of a superseded delivery: what is derived now in its place
        analysis/suspected_plants.json  一端为疑似搅拌点时才有：判定时的证据卡、处置 / of a suspected plant: its card then, decisions
        pictures/*.svg           地图与时间线 / map and timeline
        MANIFEST.sha256          每个文件的 SHA-256 / SHA-256 of every file
        MANIFEST.sig             清单的 Ed25519 签名（64 字节） / Ed25519 signature of the manifest

        核验 Verify (offline)
          tongxing evidence verify 文件夹 --public-key 公钥.pem
        或只用通用工具 or with common tools only:
          sha256sum -c MANIFEST.sha256
          openssl pkeyutl -verify -pubin -inkey 公钥.pem -rawin -in MANIFEST.sha256 -sigfile MANIFEST.sig
        公钥须从可信途径取得，不要只用包内的 public-key.pem / take the public key from a source you trust.

        批哈希 = SHA-256(前一批哈希 32 字节 ‖ 解压后的字节串)。字节串：TXB1、通道 UInt32、批号 UInt64、报文数 UInt32（小端），
        然后每条报文三个变长整数（每字节 7 位，低位在前）：与前一条接收时间之差（微秒，zigzag）、主题长度、报文长度，接着是主题与报文。
        A batch's hash is SHA-256 over the previous hash (32 bytes) and the decompressed string: TXB1, lane UInt32,
        number UInt64, count UInt32, little-endian; then for each message three variable-length integers (seven
        bits a byte, lowest first): receive time less the one before in microseconds as zigzag, length of topic,
        length of payload; then topic and payload.

        批内含同一时刻其他车辆的报文，属敏感个人信息：仅供核验，不得另作他用。
        Batches hold other vehicles' messages of the same moment: sensitive personal data, for verification only.

        """
}
