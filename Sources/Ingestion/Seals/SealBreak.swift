/// The first place at which a lane's chain of sealed batches does not hold.
package struct SealBreak: Error, Sendable, Hashable {
    /// What is wrong there.
    package enum Fault: Sendable, Hashable {
        /// The batches from this one up to and including `through` are not there.
        case missing(through: Int64)
        /// The batch was sealed on another hash than the batch before it has now.
        case previousHashDiffers
        case cannotDecompress(String)
        /// As long as its row says, and longer than this program opens.
        case tooLarge(bytes: Int, limit: Int)
        /// The bytes do not hash to the batch's hash.
        case hashDiffers
        /// The bytes are another lane's or number's, or cut.
        case notThisBatch
        case countDiffers(Count, said: Int64, found: Int64)
        /// The lane says that its chain ends at `said`; it ends at this batch.
        case headDiffers(said: Int64)
        /// The lane's last hash is not that of its last batch.
        case headHashDiffers
        /// The lane's sum of a state is not the sum over its batches.
        case sumDiffers(state: String, said: Int64, found: Int64)
    }

    /// What a batch's row says of its messages.
    package enum Count: String, Sendable, Hashable {
        case messages = "message_count"
        case rawBytes = "raw_bytes"
        case states = "stored + duplicate + quarantined + ignored"
        case firstReceivedAt = "first_received_at"
        case lastReceivedAt = "last_received_at"
    }

    /// The number of the batch at which it shows.
    package var batch: Int64
    package var fault: Fault

    package init(_ batch: Int64, _ fault: Fault) {
        self.batch = batch
        self.fault = fault
    }
}

extension SealBreak: CustomStringConvertible {
    /// What is wrong, and what to do, in one line.
    package var description: String { "批 batch \(self.batch): \(self.finding): \(self.advice)" }

    private var finding: String {
        switch self.fault {
        case .missing(let through) where through == self.batch: "缺失 missing"
        case .missing(let through): "至 \(through) 缺失 and up to \(through) missing"
        case .previousHashDiffers: "前一批哈希不符 previous hash differs"
        case .cannotDecompress(let reason): "无法解压 cannot decompress (\(reason))"
        case .tooLarge(let bytes, let limit):
            "未验：原文 \(bytes) 字节，超过 \(limit) not verified: \(bytes) bytes are more than \(limit)"
        case .hashDiffers: "哈希不符 hash differs"
        case .notThisBatch: "内容不属于本批或已截断 the bytes are not this batch's, or cut"
        case .countDiffers(let count, let said, let found):
            "计数不符 count differs (\(count.rawValue): 记录 row \(said), 原文 bytes \(found))"
        case .headDiffers(let said): "链尾不符 lane head differs (通道记录 the lane says \(said))"
        case .headHashDiffers: "链尾哈希不符 lane head's hash differs"
        case .sumDiffers(let state, let said, let found):
            "通道合计不符 lane sum differs (\(state): 通道 lane \(said), 各批 batches \(found))"
        }
    }

    private var advice: String {
        switch self.fault {
        case .previousHashDiffers:
            "此前一批被替换过 the batch before it was replaced: 保全数据库，与备份比对该批 preserve the database, compare that batch with a backup"
        case .missing, .headDiffers:
            "批次被删除 batches were removed: 保全数据库，从备份恢复后再验 preserve the database, restore them from a backup, verify again"
        case .tooLarge:
            "并非改动的迹象，请报告给开发者 no sign of an alteration, report it to the makers"
        case .cannotDecompress, .hashDiffers, .notThisBatch, .countDiffers, .headHashDiffers, .sumDiffers:
            "记录被改动 a row was altered: 保全数据库，与备份比对 preserve the database, compare with a backup"
        }
    }
}
