package nucleus.caps.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.FileCapabilities;
import nucleus.caps.ProcessStatus;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import org.jspecify.annotations.Nullable;

/** The values that {@code --json} prints. {@code src/docs/json.md} describes their members. */
final class StateJson {

    private StateJson() {
    }

    static Map<String, @Nullable Object> of(ThreadStatus thread) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("tid", thread.tid());
        members.put("name", thread.name());
        members.put("java_name", thread.javaName().orElse(null));
        for (SetKind kind : SetKind.values()) {
            members.put(kind.toString(), names(thread.sets().get(kind)));
        }
        members.put("no_new_privs", thread.noNewPrivs());
        members.put("uids", ids(thread.uids()));
        members.put("gids", ids(thread.gids()));
        members.put("groups", thread.groups());
        members.put("securebits", thread.secureBits().map(StateJson::names).orElse(null));
        return members;
    }

    /** @param user the name of the effective user, or empty if it has none */
    static Map<String, @Nullable Object> of(ProcessStatus process, Optional<String> user) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("pid", process.pid());
        members.put("ppid", process.ppid());
        members.put("uid", process.uid());
        members.put("user", user.orElse(null));
        members.put("kernel", process.kernel());
        members.put("main", of(process.main()));
        members.put("differing", process.differing().stream().map(StateJson::of).toList());
        return members;
    }

    static Map<String, @Nullable Object> of(FileCapabilities capabilities) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("permitted", names(capabilities.permitted()));
        members.put("inheritable", names(capabilities.inheritable()));
        members.put("effective", capabilities.effective());
        members.put("root_uid", capabilities.rootUid());
        return members;
    }

    /** {@return the names of capabilities(7); the number for a capability that has no name here} */
    static List<Object> names(CapabilitySet set) {
        return set.numbers().mapToObj(number -> Capability.of(number).<Object>map(Enum::name).orElse(number)).toList();
    }

    /** {@return the names of capabilities(7); the mask for a bit that has no name here} */
    private static List<Object> names(SecureBits bits) {
        List<Object> names = new ArrayList<>();
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((bits.bits() >>> bit & 1) != 0) {
                names.add(bit / 2 < SecureBit.values().length ? "SECBIT_"
                        + new SecureBits(1 << bit).toString().toUpperCase(Locale.ROOT) : (Object) (1L << bit));
            }
        }
        return names;
    }

    private static Map<String, Object> ids(Credentials.Ids ids) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("real", ids.real());
        members.put("effective", ids.effective());
        members.put("saved", ids.saved());
        members.put("filesystem", ids.fileSystem());
        return members;
    }
}
