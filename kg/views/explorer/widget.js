// The explorer in a cell of a notebook: the same page in a frame without rights, and its address kept in step with Python.
export default {
  render({ model, el }) {
    const frame = document.createElement("iframe");
    frame.title = "DISARM explorer";
    frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    frame.style.cssText = `width:100%;height:${Number(model.get("height")) || 640}px;border:1px solid #8884`;
    // A frame of the sandbox has the origin "null": only its window says who speaks.
    const tell = () => frame.contentWindow?.postMessage({ kg: "address", address: model.get("address") }, "*");
    const hear = (event) => {
      if (event.source !== frame.contentWindow || event.data?.kg !== "address" || typeof event.data.address !== "string") return;
      model.set("address", event.data.address);
      model.save_changes();
    };
    window.addEventListener("message", hear);
    frame.addEventListener("load", tell);
    model.on("change:address", tell);
    frame.srcdoc = model.get("page");
    el.append(frame);
    return () => {
      window.removeEventListener("message", hear);
      model.off("change:address", tell);
    };
  },
};
