package nucleus.caps.internal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * Loads every class of this library that a change, its verification or exec may need. After a change of the uid the class
 * files may be unreadable, and a verification whose classes cannot be loaded proves nothing. The list omits classes that a
 * drop never uses, classes of the bindings whose functions are called through the generic downcall, and the event of a flight
 * recording, which {@link Flight} loads.
 */
public final class Preload {

    /** Nested classes have the names of their class files. A test compares this list with the existing files. */
    private static final String CLASSES =
            """
                    nucleus.caps:
                        Advice Advice$Kind BasePhase Capability CapabilitySet CapabilitySets CapabilitySets$1 Caps Caps$Linux
                        CapsException Credentials Credentials$Ids EndedPhase Iab Identity Mode Options Phase Phase$Applied
                        Phase$BoundingDropped Phase$Dropped Phase$Ended Phase$IdentitySwitched Phase$Initial Phases
                        Phases$AppliedPhase Phases$BoundingDroppedPhase Phases$DroppedPhase Phases$IdentitySwitchedPhase
                        Phases$InitialPhase Scope SecureBit SecureBits SetKind ThreadCaps ThreadStatus VerificationException
                        VerificationException$Difference
                    nucleus.caps.internal.advice:
                        Code CodePath Descriptor Findings Home JavaOptions Jvm Limit LockedMemory Management NewFiles NewUser
                        OpenFiles ProcessLimit StandardStreams TemporaryDirectories Terminal WorkingDirectory
                    nucleus.caps.internal.ffi:
                        linux_caps_h linux_caps_h$getgrouplist linux_caps_h$getpwnam_r passwd seccomp_data sock_filter
                        sock_fprog
                    nucleus.caps.internal.kernel:
                        Access Attempt ChangeCalls ChangeCalls$Row DeathSignal EveryThread Failure HandOver HandOver$Open
                        Judgement Kernel LinuxKernel OtherUser OwnReport Questions Rings RoundResult Scout Seccomp ThisThread
                        UserDatabase UserDatabase$Lookup Witness
                    nucleus.caps.internal.launch:
                        Descriptors Descriptors$Pipe Exec ExecCall FileHead Instruction Instruction$Bytes Instruction$Filter
                        Instruction$Message Instruction$Operand Instruction$Own Instruction$Value Instructions Interpreter
                        KeptDescriptors PathSearch ProgramFile
                    nucleus.caps.internal.plan:
                        Confirmation Course Draft Modes Planner Target Transition Verdict Verifier
                    nucleus.caps.internal.proc:
                        Filters Hidden IdMaps JavaNames JavaNames$Caller Proc ProcFiles ProcFiles$Names StatusFile ThreadEnd
                    nucleus.caps.internal.rules:
                        Change Change$AdjustCaps Change$CapSet Change$DropBounding Change$Each Change$KeepCaps
                        Change$LowerAmbient Change$NoNewPrivs Change$RaiseAmbient Change$SetGid Change$SetGroups
                        Change$SetSecureBits Change$SetUid Effects Plan Plan$Step Refusal Refusal$Refused Rules Rules$Judge
                        UidFixup UserNamespace UserNamespace$Range
                    nucleus.caps.internal.session:
                        Checks Flight Halt Headroom Log Log$Writer Log4jSink OwnerThread Preload Session Sink
                        StandardErrorSink StepAdvice Summary SystemSink
                    nucleus.caps.internal.sys:
                        CString Call Call$Argument Call$Input Call$Memory Call$Own Call$Value CallerState CapabilityAttribute
                        CapabilityAttribute$Operation Cause Cause$Kind ChangeLock Denial Downcall Downcall$Shape Errno
                        FileStatus FilterProgram FilterProgram$Instruction NewMapping Platform ProcessCalls Syscall Syscalls
                        Syscalls$CapData Syscalls$Copies VfsCapData
                    nucleus.caps.internal.text:
                        CapabilityList CapabilityNames ForeignWord IabText IabText$Parser Levenshtein Numbers Quoted Scanner
                        ThreadNames
                    nucleus.caps.internal.threads:
                        AllThreads Answer Ask Asks ControlBlock DescriptorTables Handler LibC LiveTasks Machine Outcome
                        Outcome$Effort Processor Program Program$Row Round Signal Silence TaskDirectory TaskListing
                        TaskListing$Entry TaskStat Tasks Unanswered
                    """;

    private Preload() {
    }

    /** Loads the classes. Their users link them. */
    static void everything() {
        for (String name : classes()) {
            try {
                Class.forName(name, false, Preload.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("a class of this library is missing: " + name, e);
            }
        }
    }

    /** {@return the names of the classes} In the list, a package ends with a colon, and its classes follow. */
    public static List<String> classes() {
        List<String> classes = new ArrayList<>();
        String place = "";
        for (StringTokenizer words = new StringTokenizer(CLASSES); words.hasMoreTokens();) {
            String word = words.nextToken();
            if (word.endsWith(":")) {
                place = word.replace(':', '.');
            } else {
                classes.add(place + word);
            }
        }
        return classes;
    }
}
