#pragma once

#include <algorithm>
#include <map>
#include <string>

namespace scef::adapter {

/// Writes a configuration from paths such as `scefs[].auth.oauth2.client_id`: a list has one entry,
/// and a later path below an earlier one takes its place.
class ConfigurationText {
public:
    void set(const std::string& path, const std::string& value) {
        Node* node = &root_;
        for (std::size_t begin = 0; begin < path.size();) {
            const std::size_t end = std::min(path.find_first_of(".[", begin), path.size());
            node = &node->keys[path.substr(begin, end - begin)];
            node->is_list = path.compare(end, 2, "[]") == 0;
            begin = end + (node->is_list ? 3 : 1);
        }
        node->value = value;
    }
    std::string text() const { return text_of(root_) + '\n'; }

private:
    struct Node {
        std::map<std::string, Node> keys;
        bool is_list = false;
        std::string value;
    };
    static std::string text_of(const Node& node) {
        if (node.keys.empty()) return node.value;
        std::string text;
        for (const auto& [key, inner] : node.keys) {
            text += (text.empty() ? "" : ", ") + key + ": " + text_of(inner);
        }
        return node.is_list ? "[{" + text + "}]" : '{' + text + '}';
    }
    Node root_;
};

}  // namespace scef::adapter
