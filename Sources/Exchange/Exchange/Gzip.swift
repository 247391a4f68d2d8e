import CArchive

/// Gzip (RFC 1952) through libarchive, which brings zlib along: what every client of HTTP can unpack by itself.
package enum Gzip {
    /// The same bytes give the same bytes: neither a time nor a name is written into them.
    /// - Parameter level: 1, the quickest, to 9, the smallest.
    /// - Returns: `nil` where the library cannot, for want of memory; what was to be packed still goes as it is.
    package static func compress(_ bytes: [UInt8], level: Int) -> [UInt8]? {
        guard let archive = archive_write_new() else { return nil }
        defer { archive_write_free(archive) }
        let sink = ByteSink()
        sink.bytes.reserveCapacity(bytes.count / 6 + 64)
        archive_write_set_format_raw(archive)
        archive_write_add_filter_gzip(archive)
        // Written through without blocks: no padding at the end.
        archive_write_set_bytes_per_block(archive, 0)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        guard archive_write_set_filter_option(archive, "gzip", "compression-level", String(level)) == ARCHIVE_OK,
            archive_write_set_filter_option(archive, "gzip", "timestamp", nil) == ARCHIVE_OK,
            archive_write_open2(archive, context, nil, ByteSink.append, nil, nil) == ARCHIVE_OK,
            let entry = archive_entry_new()
        else { return nil }
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, UInt32(0o100000))
        guard archive_write_header(archive, entry) == ARCHIVE_OK,
            bytes.isEmpty || archive_write_data(archive, bytes, bytes.count) == bytes.count,
            archive_write_close(archive) == ARCHIVE_OK
        else { return nil }
        return withExtendedLifetime(sink) { sink.bytes }
    }
}
