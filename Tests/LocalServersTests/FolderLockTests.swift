import Foundation
import Glibc
import LocalServers
import TestSupport
import Testing

@Suite struct FolderLockTests {
    @Test func aLockIsHeldByOneAndGivenBack() async throws {
        let folder = try await TestServers.shared.makeFolder()
        var lock: FolderLock? = try FolderLock(folder: folder)
        let error = #expect(throws: LocalServerError.self) { try FolderLock(folder: folder) }
        #expect(error?.code == .folderInUse)
        #expect(error?.description.contains("\(getpid())") == true)
        #expect(lock != nil)
        lock = nil
        #expect(throws: Never.self) { try FolderLock(folder: folder) }
    }

    @Test func aFolderThatIsNotThereIsSaid() {
        let error = #expect(throws: LocalServerError.self) { try FolderLock(folder: "/nonexistent") }
        #expect(error?.code == .notAllowed)
    }
}
