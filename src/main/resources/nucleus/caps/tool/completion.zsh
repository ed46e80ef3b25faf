_caps() {
    local command rule
    local -i first=2 i
    local -a choices
    [[ ${words[2]} == -v ]] && ((CURRENT > 2)) && first=3
    choices=($(_caps_words commands))
    while ((${#choices} && first < CURRENT)); do
        ((${choices[(Ie)${words[first]}]})) || return 1
        command+=${command:+ }${words[first]}
        choices=($(_caps_words "$command commands"))
        ((first += 1))
    done

    # After --, the words belong to a program.
    for ((i = first; i < CURRENT; i++)); do
        if [[ ${words[i]} == -- && $(_caps_words "$command operand") == COMMAND ]]; then
            words=("${(@)words[i + 1,-1]}")
            ((CURRENT -= i))
            _normal
            return
        fi
    done

    ((first < CURRENT)) && rule=$(_caps_words "$command ${words[CURRENT - 1]}")
    if [[ -n $rule ]]; then
        :
    elif [[ ${words[CURRENT]} == -* ]]; then
        rule="WORDS $(_caps_words "${command:-caps} options")"
    elif ((${#choices})); then
        rule="WORDS $choices"
    else
        rule=$(_caps_words "$command operand")
    fi

    case ${rule%% *} in
    USER) _users ;;
    PID) compadd -- /proc/<->(:t) ;;
    PATH) _files ;;
    WORDS) compadd -- ${=rule#* } ;;
    LIST)
        compset -P '*,'
        compset -P cap_
        compadd -q -S , -- $(_caps_words "${rule#* }")
        ;;
    esac
}

if [[ ${funcstack[1]} == _caps ]]; then
    _caps "$@"
else
    compdef _caps caps
fi
