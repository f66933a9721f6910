//! Mounts the app of presidium, secretariat and desks, nothing else.

fn main() {
    #[cfg(target_arch = "wasm32")]
    delegate_app::app::mount(delegate_app::edition::STAFF);
}
