import CArchive
import Registers

/// Zip archives through libarchive: written for a browser's download, read for XLSX.
package enum ZipArchive {
    /// An archive of these files, deflated. The same files and time give the same bytes.
    /// - Parameter seconds: the time that the archive gives its files, since 1970.
    package static func write(_ files: [(path: String, bytes: [UInt8])], at seconds: Int64) throws(ExchangeError)
        -> [UInt8]
    {
        guard let archive = archive_write_new() else { throw Self.failure("out of memory") }
        defer { archive_write_free(archive) }
        let sink = ByteSink()
        archive_write_set_format_zip(archive)
        // Written through without blocks: no padding at the end.
        archive_write_set_bytes_per_block(archive, 0)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        guard archive_write_open2(archive, context, nil, ByteSink.append, nil, nil) == ARCHIVE_OK else {
            throw Self.failure(archive)
        }
        for file in files {
            guard let entry = archive_entry_new() else { throw Self.failure("out of memory") }
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname_utf8(entry, file.path)
            archive_entry_set_size(entry, Int64(file.bytes.count))
            archive_entry_set_filetype(entry, UInt32(0o100000))
            archive_entry_set_perm(entry, 0o600)
            archive_entry_set_mtime(entry, time_t(seconds), 0)
            guard archive_write_header(archive, entry) == ARCHIVE_OK,
                file.bytes.isEmpty || archive_write_data(archive, file.bytes, file.bytes.count) == file.bytes.count
            else { throw Self.failure(archive) }
        }
        guard archive_write_close(archive) == ARCHIVE_OK else { throw Self.failure(archive) }
        return withExtendedLifetime(sink) { sink.bytes }
    }

    /// The wanted entries of an archive, by path.
    /// - Parameter limit: bytes that one entry may unpack to: a small archive can claim to be a huge one.
    package static func read(
        _ bytes: [UInt8], limit: Int, where isWanted: (String) -> Bool
    ) throws(ExchangeError) -> [String: [UInt8]] {
        guard let archive = archive_read_new() else { throw Self.failure("out of memory") }
        defer { archive_read_free(archive) }
        archive_read_support_format_zip(archive)
        var found: [String: [UInt8]] = [:]
        var failure: ExchangeError?
        // libarchive reads from these bytes until the archive is freed; nothing of them is used after the closure.
        bytes.withUnsafeBytes { source in
            guard archive_read_open_memory(archive, source.baseAddress, source.count) == ARCHIVE_OK else {
                failure = Self.failure(archive)
                return
            }
            var entry: OpaquePointer?
            var status = archive_read_next_header(archive, &entry)
            while status == ARCHIVE_OK || status == ARCHIVE_WARN {
                if let entry, let name = archive_entry_pathname_utf8(entry) {
                    let path = String(cString: name)
                    if isWanted(path) {
                        guard let content = Self.content(archive, limit: limit) else {
                            failure = Self.tooLarge(path, limit)
                            return
                        }
                        found[path] = content
                    }
                }
                status = archive_read_next_header(archive, &entry)
            }
            if status != ARCHIVE_EOF { failure = Self.failure(archive) }
            archive_read_close(archive)
        }
        if let failure { throw failure }
        return found
    }

    /// `nil` beyond the limit, or where the archive is damaged.
    private static func content(_ archive: OpaquePointer, limit: Int) -> [UInt8]? {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = archive_read_data(archive, &chunk, chunk.count)
            guard count >= 0, content.count + count <= limit else { return nil }
            if count == 0 { return content }
            content.append(contentsOf: chunk[..<count])
        }
    }

    private static func failure(_ archive: OpaquePointer) -> ExchangeError {
        // NULL when there is no message.
        Self.failure(archive_error_string(archive).map { String(cString: $0) } ?? "unknown")
    }

    private static func failure(_ reason: String) -> ExchangeError {
        ExchangeError(
            .malformedTable,
            Remark(zh: "不是可用的 zip 归档（\(reason)）", en: "not a zip archive that can be used (\(reason))"))
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> ExchangeError {
        ExchangeError(
            .tooLarge,
            Remark(
                zh: "\(path) 已损坏或展开后超过 \(limit) 字节", en: "\(path) is damaged, or unpacks to more than \(limit) bytes"))
    }
}

/// Where the bytes go that libarchive writes.
final class ByteSink {
    var bytes: [UInt8] = []

    /// What `archive_write_open2` calls, with the sink as its context.
    static let append: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafeRawPointer?, Int) -> Int =
        { _, context, buffer, count in
            guard let context, let buffer else { return -1 }
            let sink = Unmanaged<ByteSink>.fromOpaque(context).takeUnretainedValue()
            sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: buffer, count: count))
            return count
        }
}
